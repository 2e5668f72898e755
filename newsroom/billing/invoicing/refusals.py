"""What is refused where organisations are billed."""

from newsroom.core.errors import Refused


class BillingRefused(Refused):
    """It cannot be billed or booked like this. `field` names what is wrong; empty: the whole."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field
