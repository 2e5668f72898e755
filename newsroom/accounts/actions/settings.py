"""How an organisation is joined."""

from datetime import datetime

from django.db import transaction

from newsroom.accounts.models import JoinRule, Organisation
from newsroom.core import audit
from newsroom.core.audit import Actor


@transaction.atomic
def set_join_rule(*, organisation: Organisation, rule: JoinRule, by: Actor, at: datetime, why: str = "") -> None:
    """From now on people of its mail domains join in this way."""
    former = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if former.join_rule == rule:
        return
    Organisation.objects.filter(pk=former.pk).update(join_rule=rule)
    facts = {"from": former.join_rule, "to": rule.value}
    audit.record("organisation.join_rule", by=by, of=organisation, at=at, why=why, facts=facts)
