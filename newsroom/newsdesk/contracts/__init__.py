"""Contracts at the desk: finding them, writing them, changing them, and what was held on a day."""
