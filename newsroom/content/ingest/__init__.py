"""Agencies' news files: read (`files`), understood (`ninjs`), and nothing else. No database here."""
