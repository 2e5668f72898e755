"""The signed link by which somebody attests a deletion without signing in."""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from newsroom.licensing.contracts.rules import LinkSpent
from newsroom.licensing.models import DeletionDuty

SALT = "newsroom.contracts.deletion"


def link_to(duty: DeletionDuty, user_id: int) -> str:
    """For one person: it says in whose name is attested."""
    token = signing.dumps({"duty": duty.pk, "user": user_id}, salt=SALT)
    return settings.BASE_URL + reverse("attest_deletion", args=[token])


def read(token: str) -> tuple[DeletionDuty, int]:
    """What the link is for, and whose it is. Raises `LinkSpent` when it was made up, or what it is for is withdrawn."""
    try:
        said = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise LinkSpent(_("This link is not complete. Open it again from the mail.")) from None
    duty = DeletionDuty.objects.select_related("contract__organisation").filter(pk=said["duty"]).first()
    if duty is None or duty.withdrawn_at is not None:
        raise LinkSpent(_("There is nothing to attest any more."))
    return duty, said["user"]
