"""Keys: made, recognised, revoked; the secret is kept nowhere."""

from datetime import timedelta

import pytest
from django.db import connection

from newsroom.accounts import keys
from newsroom.accounts.keys import MOST, BadKey, Wanted
from newsroom.accounts.models import ApiKey
from newsroom.core.audit import SYSTEM
from newsroom.core.models import AuditEntry
from tests.factories import DAY, HOUR, NOON, a_member, a_user, an_organisation

pytestmark = pytest.mark.django_db


def made(**facts):
    values = {"name": "site", "scopes": ["check"]} | facts
    return keys.create(organisation=an_organisation(), wanted=Wanted(**values), by=SYSTEM, at=NOON)


def test_the_secret_is_in_no_column_and_no_line_of_the_audit():
    key, secret = made()

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(k)::text FROM accounts_apikey k")
        row = cursor.fetchone()[0]
    assert secret not in row
    assert secret[11:] not in f"{row}{AuditEntry.objects.get().facts}"
    assert keys.find([keys.digest_of(secret)]) == {key.digest: key}


def test_a_key_is_revoked_once():
    key, _secret = made()
    for hours in (1, 2):
        keys.revoke(key=key, by=SYSTEM, at=NOON + hours * HOUR)

    assert ApiKey.objects.get().revoked_at == NOON + HOUR
    assert AuditEntry.objects.filter(action="api_key.revoked").count() == 1
    assert [ApiKey.objects.in_force(at).count() for at in (NOON, NOON + HOUR)] == [1, 0]


def test_its_last_use_is_known_to_the_hour():
    key, _secret = made()
    for minutes in (61, 90, 5):
        keys.note_use(key_id=key.pk, at=NOON + timedelta(minutes=minutes))

    assert ApiKey.objects.get().last_used_at == NOON + HOUR


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["everything"]}, "scopes"),
        ({"expires_at": NOON}, "expires_at"),
        ({"expires_at": NOON + 900 * DAY}, "expires_at"),
        ({"audiences": ["ftp://x.example"]}, "audiences"),
        ({"audiences": ["daily.example"]}, "audiences"),
    ],
)
def test_a_fault_is_named_by_its_field(facts, field):
    with pytest.raises(BadKey) as caught:
        made(**facts)
    assert caught.value.field == field


def test_a_key_acts_for_members_only():
    organisation = an_organisation()
    member = a_member(organisation)
    wanted = {"name": "site", "scopes": ["check"]}
    keys.create(organisation=organisation, wanted=Wanted(**wanted, user=member), by=SYSTEM, at=NOON)

    with pytest.raises(BadKey) as caught:
        keys.create(organisation=organisation, wanted=Wanted(**wanted, user=a_user()), by=SYSTEM, at=NOON)
    assert caught.value.field == "user"


def test_an_organisation_has_fifty_keys_at_most():
    organisation = an_organisation()
    facts = {"organisation": organisation, "name": "x", "prefix": "nk_", "scopes": ["check"], "created_at": NOON}
    ApiKey.objects.bulk_create(ApiKey(**facts, digest=str(number)) for number in range(MOST))

    with pytest.raises(BadKey):
        keys.create(organisation=organisation, wanted=Wanted("y", ["check"]), by=SYSTEM, at=NOON)
