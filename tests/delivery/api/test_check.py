"""Asking what may be used: one story, and up to a hundred in a call."""

from datetime import timedelta

import pytest

from newsroom.access.decide import open_for
from newsroom.access.settle import Asked
from newsroom.accounts.readers import Reader
from newsroom.core.audit import SYSTEM
from newsroom.core.money import Money
from newsroom.licensing import actions as licensing
from newsroom.licensing.rules import Limits, Quota, SeatKind, Source, Use
from newsroom.wire import actions as wire
from newsroom.wire.rules import Tier
from tests.delivery.api.conftest import Machine, a_key
from tests.factories import DAY, HOUR, NOON, a_licence, a_member, a_product, a_user, an_item, an_organisation

pytestmark = pytest.mark.django_db


def spend(organisation, item):
    """The organisation publishes this story now."""
    reader = Reader(organisation_ids=frozenset({organisation.pk}))
    open_for(reader=reader, item=item, use=Use.PUBLISH, at=NOON, asked=Asked("test", "request-1", "en"))


def test_a_yes_says_by_which_licence_and_until_when(daily, machine):
    licence = a_licence(daily, uses=[Use.READ, Use.PUBLISH], clause="§2: web")
    item = an_item()

    assert machine.check({"item": item.uri, "use": "publish"}) == [
        {
            "item": item.uri,
            "use": "publish",
            "allowed": True,
            "tier": "full",
            "code": "licensed",
            "clause": "§2: web",
            "licence": licence.pk,
            "version": 1,
            "until": (NOON + DAY).isoformat(),
            "remaining": None,
            "unlock": "nothing",
            "problem": None,
        }
    ]


def test_a_no_comes_with_its_problem_document(daily, machine):
    licence = a_licence(daily, uses=[Use.READ], clause="§3: reading only")
    item = an_item()

    assert machine.check({"item": item.uri, "use": "publish"}) == [
        {
            "item": item.uri,
            "use": "publish",
            "allowed": False,
            "tier": "summary",
            "code": "entitlement.use",
            "clause": "§3: reading only",
            "licence": licence.pk,
            "version": 1,
            "until": None,
            "remaining": None,
            "unlock": "ask_sales",
            "problem": {
                "type": "urn:newsroom:problem:entitlement.use",
                "title": "The licence does not grant this use.",
                "status": 403,
                "detail": "The licence does not grant this use. §3: reading only",
                "code": "entitlement.use",
                "reason": "use_not_granted",
                "clause": "§3: reading only",
                "licence": licence.pk,
                "uses": ["read"],
                "contact": "http://127.0.0.1:8000/contact/",
            },
        }
    ]


def test_the_single_check_answers_what_the_batch_answers(daily, machine):
    a_licence(daily, uses=[Use.PUBLISH], limits=Limits(channels=frozenset({"web"}), territories=frozenset({"TR"})))
    item = an_item()

    for manner in (
        {},
        {"channel": "web"},
        {"channel": "web", "territory": "TR"},
        {"channel": "print", "territory": "TR"},
    ):
        query = "&".join(f"{name}={value}" for name, value in {"use": "publish", **manner}.items())
        (batch,) = machine.check({"item": item.uri, "use": "publish", **manner})
        assert machine.get(f"/entitlements/{item.uri}?{query}").json() == batch
    assert batch["code"] == "rights.channel"


@pytest.mark.parametrize("form", ["{base}/story/{slug}/", "/story/{slug}/", "/story/{slug}", "{slug}", "{uri}"])
def test_an_item_is_named_by_uri_or_by_address(daily, machine, settings, form):
    a_licence(daily)
    item = an_item()

    (answer,) = machine.check({"item": form.format(base=settings.BASE_URL, slug=item.slug, uri=item.uri)})

    assert answer["code"] == "licensed"


def test_a_batch_answers_in_order_and_an_unknown_item_in_its_place(daily, machine):
    a_licence(daily)
    items = [an_item() for _ in range(3)]
    asked = [{"item": items[0].uri}, {"item": "urn:nothing"}, {"item": items[2].uri}, {"item": items[1].uri}]

    found = machine.check(*asked)

    assert [(each["item"], each["code"]) for each in found] == [
        (items[0].uri, "licensed"),
        ("urn:nothing", "content.unknown"),
        (items[2].uri, "licensed"),
        (items[1].uri, "licensed"),
    ]


def test_what_must_not_show_is_answered_like_what_does_not_exist(daily, machine):
    a_licence(daily, products=[a_product("sport", {"include": {"desk": ["sport"]}})])
    hidden = an_item(public_tier=Tier.NOTHING)
    embargoed = an_item(embargo_until=NOON + HOUR)

    found = machine.check({"item": hidden.uri}, {"item": embargoed.uri}, {"item": "urn:nothing"})

    assert [each | {"item": ""} for each in found] == [found[2] | {"item": ""}] * 3
    assert found[2]["problem"]["status"] == 404


def test_whose_licence_covers_the_story_is_told_of_its_embargo(daily, machine):
    a_licence(daily)
    item = an_item(embargo_until=NOON + HOUR)

    (answer,) = machine.check({"item": item.uri})

    assert (answer["code"], answer["tier"]) == ("rights.embargo", "nothing")
    assert answer["problem"]["lifts_at"] == (NOON + HOUR).isoformat()


def test_a_former_customer_is_not_told_of_what_is_hidden(daily, machine):
    a_licence(daily, ends_at=NOON - HOUR)

    assert machine.may(an_item(public_tier=Tier.NOTHING).uri) == "content.unknown"


def test_a_killed_story_is_gone(daily, machine):
    a_licence(daily)
    item = an_item()
    wire.kill(item=item, by=SYSTEM, note="Wrong person.", at=NOON)

    (answer,) = machine.check({"item": item.uri})

    assert (answer["code"], answer["problem"]["status"]) == ("content.killed", 410)


def test_a_member_is_answered_by_their_seat(daily, machine):
    licence = a_licence(daily, limits=Limits(seats=2))
    seated, other = a_member(daily), a_member(daily)
    licence.occupied.create(user=seated, number=1, valid_from=NOON - DAY)
    item = an_item()

    assert machine.may(item.uri, on_behalf_of={"email": seated.email.upper()}) == "licensed"
    assert machine.may(item.uri, on_behalf_of={"email": other.email}) == "entitlement.seat"
    assert machine.may(item.uri) == "entitlement.seat"


def test_somebody_elses_person_and_nobody_are_answered_alike(daily, machine):
    stranger = a_member(an_organisation())
    body = {"questions": [{"item": "urn:x"}]}

    found = [
        machine.post("/entitlements/check", body | {"on_behalf_of": {"email": email}})
        for email in (stranger.email, a_user().email, "nobody@example.com")
    ]

    assert {each.status_code for each in found} == {422}
    assert {each.json()["code"] for each in found} == {"member.unknown"}
    assert len({each.content for each in found}) == 1


def test_a_key_of_a_person_asks_as_that_person(daily):
    licence = a_licence(daily, limits=Limits(seats=1))
    person = a_member(daily)
    licence.occupied.create(user=person, number=1, valid_from=NOON - DAY)
    _key, token = a_key(daily, user=person)

    assert Machine(token).may(an_item().uri) == "licensed"


def test_a_quota_is_looked_at_and_not_spent(daily, machine):
    a_licence(daily, uses=[Use.PUBLISH], limits=Limits(quotas=(Quota(Use.PUBLISH, 2),)))
    items = [an_item() for _ in range(3)]

    for _ in range(2):
        found = machine.check(*({"item": each.uri, "use": "publish"} for each in items))
        assert [(each["allowed"], each["remaining"]) for each in found] == [(True, 2)] * 3


def test_a_spent_quota_says_when_it_begins_anew(daily, machine):
    a_licence(daily, uses=[Use.PUBLISH], limits=Limits(quotas=(Quota(Use.PUBLISH, 1),)), clause="§5")
    spent = an_item()
    spend(daily, spent)

    assert machine.may(spent.uri, "publish") == "licensed"
    (answer,) = machine.check({"item": an_item().uri, "use": "publish"})

    assert (answer["code"], answer["remaining"], answer["clause"]) == ("quota.exhausted", 0, "§5")
    assert answer["problem"]["resets_at"].startswith("2026-04-01T00:00:00")


def test_overage_names_its_price(daily, machine):
    quota = Quota(Use.PUBLISH, 1, overage=Money(500, "eur"))
    a_licence(daily, uses=[Use.PUBLISH], limits=Limits(quotas=(quota,)))
    spend(daily, an_item())

    (answer,) = machine.check({"item": an_item().uri, "use": "publish"})

    assert (answer["code"], answer["problem"]["price"]) == ("quota.overage", {"minor": 500, "currency": "eur"})


def test_floating_seats_are_for_people(daily, machine):
    a_licence(daily, limits=Limits(seats=1, seat_kind=SeatKind.FLOATING))
    reader, item = a_member(daily), an_item()

    assert machine.may(item.uri) == "entitlement.seat"
    assert machine.may(item.uri, on_behalf_of={"email": reader.email}) == "licensed"


def test_floating_seats_that_are_taken_are_full(daily, machine):
    licence = a_licence(daily, limits=Limits(seats=1, seat_kind=SeatKind.FLOATING))
    sitting, waiting, item = a_member(daily), a_member(daily), an_item()
    licence.occupied.create(user=sitting, number=1, valid_from=NOON, valid_to=NOON + timedelta(minutes=15))

    assert machine.may(item.uri, on_behalf_of={"email": sitting.email}) == "licensed"
    assert machine.may(item.uri, on_behalf_of={"email": waiting.email}) == "quota.seats"


def test_a_networks_licence_is_not_the_keys(daily, machine):
    a_licence(daily, source=Source.NETWORK)

    assert machine.may(an_item().uri) == "licence.none"


def test_a_suspended_licence_says_no(daily, machine):
    licence = a_licence(daily)
    licensing.suspend(licence=licence, by=SYSTEM, at=NOON - HOUR, why="not paid")

    assert machine.may(an_item().uri) == "licence.inactive"
