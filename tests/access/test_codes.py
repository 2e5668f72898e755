"""What machines are told: each refusal has its code, and a hidden story sounds like none."""

from dataclasses import replace
from datetime import timedelta

import pytest

from newsroom.access.codes import CASES, SAID_ALOUD, WayOut, problem_of, way_out_of
from newsroom.access.rules import Decision, Reason, Terms
from newsroom.core.money import Money
from newsroom.licensing.rules import Limits, Quota, Rendition
from newsroom.wire.rules import Tier
from tests.factories import DAY, HOUR, NOON

WAYS = WayOut(
    uses=("read",),
    territories=("TR",),
    channels=("web",),
    formats=("html",),
    products=(("sport", "Sport"),),
    largest=Rendition.WEB,
    largest_link="/pictures/x/web",
    window=timedelta(days=30),
    seats=5,
    resets_at=NOON + DAY,
    price=Money(250, "eur"),
    accept="token",
    contact="sales@example.com",
    note="It was false.",
    acknowledge="/notices/1/",
)
SHOP = {"products": [{"code": "sport", "name": "Sport"}], "contact": "sales@example.com"}
LATER = "2026-03-03T13:00:00+00:00"
TOMORROW = "2026-03-04T12:00:00+00:00"
TABLE = {
    Reason.NO_LICENCE: (403, "licence.none", SHOP),
    Reason.NOT_STARTED: (403, "licence.inactive", {"starts_at": LATER, "contact": "sales@example.com"}),
    Reason.ENDED: (403, "licence.inactive", {"ended_at": LATER, "contact": "sales@example.com"}),
    Reason.SUSPENDED: (403, "licence.inactive", {"contact": "sales@example.com"}),
    Reason.OUTSIDE_PRODUCT: (403, "entitlement.product", SHOP),
    Reason.USE_NOT_GRANTED: (403, "entitlement.use", {"uses": ["read"], "contact": "sales@example.com"}),
    Reason.NO_SEAT: (403, "entitlement.seat", {"seats": 5}),
    Reason.WRONG_FORMAT: (403, "entitlement.format", {"formats": ["html"], "contact": "sales@example.com"}),
    Reason.TOO_LARGE: (
        403,
        "entitlement.rendition",
        {"largest": "web", "largest_link": "/pictures/x/web", "contact": "sales@example.com"},
    ),
    Reason.OUTSIDE_ARCHIVE: (403, "entitlement.archive", {"window_days": 30, "contact": "sales@example.com"}),
    Reason.WRONG_TERRITORY: (451, "rights.territory", {"territories": ["TR"], "contact": "sales@example.com"}),
    Reason.WRONG_CHANNEL: (451, "rights.channel", {"channels": ["web"], "contact": "sales@example.com"}),
    Reason.STORY_NOT_HERE: (451, "rights.territory", {}),
    Reason.STORY_NOT_ON_CHANNEL: (451, "rights.channel", {}),
    Reason.STORY_NOT_FOR_USE: (451, "rights.use", {}),
    Reason.STORY_TOO_OLD: (451, "rights.archive", {"ended_at": LATER}),
    Reason.DELAYED: (403, "rights.embargo", {"lifts_at": LATER}),
    Reason.EMBARGOED: (403, "rights.embargo", {"lifts_at": LATER}),
    Reason.EXPIRED: (410, "content.expired", {"ended_at": LATER}),
    Reason.KILLED: (410, "content.killed", {"note": "It was false.", "acknowledge": "/notices/1/"}),
    Reason.WITHHELD: (403, "content.withheld", {"note": "It was false."}),
    Reason.NOT_RELEASED: (404, "content.unknown", {}),
    Reason.QUOTA_SPENT: (429, "quota.exhausted", {"resets_at": TOMORROW, "contact": "sales@example.com"}),
    Reason.OVERAGE: (
        402,
        "quota.overage",
        {"price": {"minor": 250, "currency": "eur"}, "accept": "token", "resets_at": TOMORROW},
    ),
    Reason.PRICE_CHANGED: (
        409,
        "price.changed",
        {"price": {"minor": 250, "currency": "eur"}, "accept": "token", "resets_at": TOMORROW},
    ),
    Reason.METERED: (403, "quota.meter", {"remaining": 2}),
    Reason.SEATS_FULL: (429, "quota.seats", {"seats": 5, "contact": "sales@example.com"}),
}


def no(reason: Reason, tier: Tier = Tier.SUMMARY) -> Decision:
    return Decision(tier, reason, 7, "§4", NOON + HOUR, 1, 2)


def test_every_refusal_has_a_case():
    assert set(CASES) == set(Reason) - {Reason.FREE, Reason.LICENSED} == set(TABLE)


@pytest.mark.parametrize("reason", TABLE, ids=str)
def test_a_refusal_has_its_status_its_code_and_what_it_carries(reason):
    status, code, carries = TABLE[reason]
    title = str(CASES[reason].title)

    assert (
        problem_of(no(reason), WAYS, instance="/story/x/").as_json()
        == {
            "type": f"urn:newsroom:problem:{code}",
            "title": title,
            "status": status,
            "detail": f"{title} §4",
            "instance": "/story/x/",
            "code": code,
            "reason": reason.value,
            "clause": "§4",
            "licence": 7,
        }
        | carries
    )


@pytest.mark.parametrize("reason", sorted(set(TABLE) - SAID_ALOUD), ids=str)
def test_a_story_that_must_not_show_is_answered_like_one_that_does_not_exist(reason):
    unknown = problem_of(Decision(Tier.NOTHING, Reason.NOT_RELEASED), WAYS, at=NOON)

    assert problem_of(no(reason, Tier.NOTHING), WAYS, at=NOON) == unknown
    assert problem_of(no(reason, Tier.NOTHING), WAYS, told=True).code == TABLE[reason][1]


@pytest.mark.parametrize("reason", sorted(SAID_ALOUD), ids=str)
def test_a_notice_is_everybodys(reason):
    assert problem_of(no(reason, Tier.NOTHING)).code == TABLE[reason][1]


def test_a_refusal_is_kept_by_nobody_and_says_when_to_come_again():
    came_again = problem_of(no(Reason.DELAYED), at=NOON)

    assert came_again.headers == {"Cache-Control": "no-store", "Retry-After": "Tue, 03 Mar 2026 13:00:00 GMT"}
    assert problem_of(no(Reason.ENDED), at=NOON).headers == {"Cache-Control": "no-store"}
    assert problem_of(no(Reason.DELAYED), at=NOON + HOUR).headers == {"Cache-Control": "no-store"}


def test_what_is_not_known_is_not_carried():
    assert problem_of(Decision(Tier.SUMMARY, Reason.OUTSIDE_PRODUCT)).carries == {"reason": "outside_product"}


def test_a_yes_is_no_problem():
    with pytest.raises(ValueError, match="a yes is no problem"):
        problem_of(Decision(Tier.FULL, Reason.LICENSED))


def test_the_way_out_is_read_off_the_licence_that_nearly_said_yes():
    limits = Limits(
        channels=frozenset({"web", "print"}),
        territories=frozenset({"TR"}),
        formats=frozenset({"html"}),
        archive=timedelta(days=30),
        rendition=Rendition.WEB,
        seats=5,
        quotas=(Quota("read", 100, "month", overage=Money(250, "eur")),),
    )
    terms = Terms(7, frozenset({"read"}), None, NOON - DAY, None, False, "§4", limits=limits)
    other = replace(terms, licence_id=8, uses=frozenset({"publish"}))

    assert way_out_of(no(Reason.TOO_LARGE), [other, terms], "read", NOON, contact="sales@example.com") == WayOut(
        uses=("read",),
        territories=("TR",),
        channels=("print", "web"),
        formats=("html",),
        largest=Rendition.WEB,
        window=timedelta(days=30),
        seats=5,
        resets_at=NOON.replace(month=4, day=1, hour=0),
        price=Money(250, "eur"),
        contact="sales@example.com",
    )
    assert way_out_of(Decision(Tier.SUMMARY, Reason.NO_LICENCE), [], "read", NOON) == WayOut()
