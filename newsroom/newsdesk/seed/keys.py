"""A key of the demo's newspaper, for whoever tries the API. Its secret is written to `demo.json`, and nowhere else."""

from datetime import datetime, timedelta
from typing import Any

from newsroom.accounts import keys
from newsroom.accounts.keys import Scope, Wanted
from newsroom.accounts.models import Organisation
from newsroom.core.audit import SYSTEM

CUSTOMER, NAME = "bogaz-postasi", "Boğaz Postası, website"
SITE = "https://www.bogazpostasi.example"


def settle(known: list[dict[str, Any]], at: datetime) -> list[dict[str, Any]]:
    """The keys that `demo.json` holds; the newspaper's is made when its secret is not among them, or no longer good."""
    held = keys.find([keys.digest_of(each["key"]) for each in known])
    if any(key.name == NAME and key.revoked_at is None for key in held.values()):
        return known
    organisation = Organisation.objects.get(slug=CUSTOMER)
    wanted = Wanted(NAME, list(Scope.values), [SITE])
    _key, secret = keys.create(organisation=organisation, wanted=wanted, by=SYSTEM, at=at - timedelta(days=1))
    others = [each for each in known if each["name"] != NAME]
    return [*others, {"name": NAME, "key": secret, "organisation": CUSTOMER, "audience": SITE}]
