"""What contracts hear of."""

from typing import Any

from django.dispatch import receiver

from newsroom.core.clock import now
from newsroom.licensing.contracts import actions
from newsroom.licensing.signals import quote_accepted


@receiver(quote_accepted, dispatch_uid="contracts.activate_quote")
def activate_quote(*, quote_id: int, **_: Any) -> None:
    """At once; what this loses, `contracts_due` finds."""
    actions.activate_quote(quote_id=quote_id, at=now())
