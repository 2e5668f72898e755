"""Invoices to organisations at the desk: setting them up, having them written, what is owed, and what came in."""
