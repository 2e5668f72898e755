"""What licensing tells the rooms above, after commit, ids only."""

from django.dispatch import Signal

changed = Signal()
"""`licence_id`: a licence says something else than before."""

quote_accepted = Signal()
"""`quote_id`: the customer accepted it; its terms and lines are frozen."""
