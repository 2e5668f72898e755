"""What licensing tells the rooms above, after commit, ids only."""

from django.dispatch import Signal

changed = Signal()
"""`licence_id`: a licence says something else than before."""
