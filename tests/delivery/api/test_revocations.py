"""What ends a token early: the list that edges poll, and tokens that name a member to us."""

from datetime import timedelta

import jwt
import pytest

from newsroom.accounts import keys
from newsroom.core.audit import SYSTEM
from newsroom.licensing import actions as licensing
from newsroom.licensing.rules import Limits
from tests.delivery.api.conftest import Machine, a_key
from tests.delivery.api.test_tokens import OURS, a_token, keys_of_edge, read
from tests.factories import DAY, HOUR, NOON, a_licence, a_member, an_item, an_organisation
from tests.leaks.world import after_commit, at

pytestmark = pytest.mark.django_db


def revoked(machine, since=0):
    response = machine.get(f"/revocations?since={since}")
    assert response.headers["Content-Type"] == "application/revocations+jwt"
    kid = jwt.get_unverified_header(response.content.decode())["kid"]
    key = jwt.PyJWK(keys_of_edge()[kid], algorithm="EdDSA").key
    audience = jwt.decode(response.content, options={"verify_signature": False})["aud"]
    options = {"verify_iat": False}
    return jwt.decode(response.content.decode(), key, algorithms=["EdDSA"], audience=audience, options=options)


def void(claims, found):
    """As docs/api.md says."""
    return any(found["revoked"].get(subject, 0) > claims["epoch"] for subject in claims["stands_on"])


def test_a_revoked_licence_ends_the_tokens_from_before_and_not_those_from_after(daily, machine):
    licence = a_licence(daily)
    after_commit()
    before = read(a_token(machine))
    assert not void(before, revoked(machine))

    licensing.end(licence=licence, by=SYSTEM, at=NOON, why="terminated")
    after_commit()
    after = read(a_token(machine))

    assert [void(each, revoked(machine)) for each in (before, after)] == [True, False]


def test_a_change_that_nobody_was_told_of_yet_will_end_the_token(daily, machine):
    licence = a_licence(daily)
    after_commit()
    machine.may("urn:x")
    licensing.end(licence=licence, by=SYSTEM, at=NOON, why="terminated")
    between = read(a_token(machine))
    after_commit()

    assert void(between, revoked(machine))


def test_a_removed_member_and_a_revoked_key_end_their_tokens(daily):
    key, secret = a_key(daily)
    watcher, machine = Machine(a_key(daily)[1]), Machine(secret)
    person = a_member(daily)
    after_commit()
    about_person = read(a_token(watcher, on_behalf_of={"email": person.email}))
    by_key = read(a_token(machine))
    own = read(a_token(watcher))
    assert not any(void(each, revoked(watcher)) for each in (about_person, by_key, own))

    person.memberships.update(valid_to=NOON)
    after_commit()
    assert [void(each, revoked(watcher)) for each in (about_person, by_key, own)] == [True, False, False]
    keys.revoke(key=key, by=SYSTEM, at=NOON)
    after_commit()
    assert [void(each, revoked(watcher)) for each in (about_person, by_key, own)] == [True, True, False]


def test_a_list_tells_nothing_of_other_customers(daily, machine):
    other = an_organisation()
    licensing.end(licence=a_licence(other), by=SYSTEM, at=NOON, why="terminated")
    a_member(other)
    after_commit()

    assert not any(str(other.pk) == each.partition(":")[2] for each in revoked(machine)["revoked"])


def test_a_list_is_short_and_the_same_until_something_changes(daily, machine):
    a_licence(daily)
    after_commit()
    first = machine.get("/revocations")
    mark = {"if-none-match": first.headers["ETag"]}
    assert machine.get("/revocations", **mark).status_code == 304
    number = revoked(machine)["number"]
    assert revoked(machine, since=number)["revoked"] == {}

    a_licence(daily)
    after_commit()

    assert machine.get("/revocations", **mark).status_code == 200
    assert revoked(machine, since=number)["revoked"].keys() == {f"org:{daily.pk}"}


def test_a_list_is_signed_anew_within_five_minutes(machine):
    mark = machine.get("/revocations").headers["ETag"]
    with at(NOON + timedelta(minutes=5)):
        assert machine.get("/revocations", **{"if-none-match": mark}).status_code == 200


def test_a_member_is_named_by_a_token_of_ours(daily, machine):
    licence = a_licence(daily, limits=Limits(seats=1))
    person, item = a_member(daily), an_item()
    licence.occupied.create(user=person, number=1, valid_from=NOON - DAY)
    after_commit()
    token = a_token(machine, audience=OURS, on_behalf_of={"email": person.email})

    assert machine.may(item.uri, on_behalf_of={"token": token}) == "licensed"


def test_a_token_names_nobody_to_another_organisation(daily, machine):
    person = a_member(daily)
    after_commit()
    token = a_token(machine, audience=OURS, on_behalf_of={"email": person.email})
    stranger = Machine(a_key(an_organisation())[1])

    response = stranger.post(
        "/entitlements/check", {"questions": [{"item": "urn:x"}], "on_behalf_of": {"token": token}}
    )

    assert (response.status_code, response.json()["code"]) == (422, "member.unknown")


def test_a_token_for_an_edge_or_of_an_organisation_names_nobody(daily, machine):
    person = a_member(daily)
    body = {"questions": [{"item": "urn:x"}]}
    for token in (
        a_token(machine, on_behalf_of={"email": person.email}),
        a_token(machine, audience=OURS),
        "x" * 40,
    ):
        response = machine.post("/entitlements/check", body | {"on_behalf_of": {"token": token}})
        assert (response.status_code, response.json()["code"]) == (422, "token.invalid")


def test_a_token_that_expired_or_was_revoked_names_nobody(daily, machine):
    person = a_member(daily)
    after_commit()
    token = a_token(machine, audience=OURS, on_behalf_of={"email": person.email})
    body = {"questions": [{"item": "urn:x"}], "on_behalf_of": {"token": token}}
    with at(NOON + timedelta(seconds=331)):
        assert machine.post("/entitlements/check", body).json()["code"] == "token.expired"
    person.memberships.update(valid_to=NOON + HOUR)
    after_commit()
    assert machine.post("/entitlements/check", body).json()["code"] == "token.invalid"


def test_a_token_serves_for_one_use(daily, machine):
    a_licence(daily)
    person, item = a_member(daily), an_item()
    after_commit()
    token = a_token(machine, audience=OURS, on_behalf_of={"email": person.email})

    def report(number):
        body = {"item": item.uri, "request_id": number, "on_behalf_of": {"token": token}}
        response = machine.post("/uses", body)
        return response.status_code, response.json()["code"]

    assert report("order-0001") == (201, "licensed")
    assert report("order-0001") == (200, "licensed")
    assert report("order-0002") == (409, "token.replayed")
