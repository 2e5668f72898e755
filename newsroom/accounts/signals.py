"""What accounts tells the rooms above, after commit, ids only."""

from django.dispatch import Signal

belonging_changed = Signal()
"""`user_id`: this person's memberships, verified addresses or mergers are other than before."""

places_changed = Signal()
"""`organisation_id`: its networks or mail domains are other than before."""
