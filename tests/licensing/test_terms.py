"""What a licence can say, what it cannot, and what its quotas are counted over."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from newsroom.accounts.models import Organisation
from newsroom.core.audit import SYSTEM
from newsroom.core.countries import countries, is_country
from newsroom.core.money import Money
from newsroom.licensing import actions
from newsroom.licensing.lines import Line
from newsroom.licensing.models import Bearer, Licence, LicenceVersion
from newsroom.licensing.rules import NO_LIMITS, Audience, Limits, Quota, Rendition, SeatKind, Source, Use
from newsroom.licensing.terms import BadTerms, check_content, columns, limits_of
from newsroom.wire.models import Item
from tests.factories import DAY, NOON, a_licence, a_user, an_item, an_organisation

ISTANBUL = timezone(timedelta(hours=3))
EVERYTHING = Limits(
    channels=frozenset({"web", "print"}),
    territories=frozenset({"DE", "TR"}),
    formats=frozenset({"ninjs"}),
    delay=timedelta(minutes=15),
    archive=timedelta(days=30),
    rendition=Rendition.PRINT,
    under_embargo=True,
    seats=5,
    seat_kind=SeatKind.FLOATING,
    quotas=(Quota("read", 9, "day", overage=Money(250, "eur")), Quota("read", 100, "month", per_reader=True)),
    clauses={"archive": "§7"},
)


@pytest.mark.parametrize(
    ("limits", "field"),
    [
        (Limits(channels=frozenset({"telepathy"})), "channels"),
        (Limits(territories=frozenset({"XX"})), "territories"),
        (Limits(territories=frozenset({"tr"})), "territories"),
        (Limits(territories=frozenset({"EU"})), "territories"),
        (Limits(formats=frozenset({"docx"})), "formats"),
        (Limits(delay=timedelta(seconds=-1)), "delay"),
        (Limits(archive=timedelta(0)), "archive"),
        (Limits(rendition=0), "rendition"),
        (Limits(seats=0), "seats"),
        (Limits(seats=-1), "seats"),
        (Limits(seat_kind="standing"), "seat_kind"),
        (Limits(quotas=(Quota("read", 0),)), "quotas"),
        (Limits(quotas=(Quota("read", -1),)), "quotas"),
        (Limits(quotas=(Quota("publish", 1),)), "quotas"),
        (Limits(quotas=(Quota("read", 1, "decade"),)), "quotas"),
        (Limits(quotas=(Quota("read", 1, overage=Money(0, "eur")),)), "quotas"),
        (Limits(quotas=(Quota("read", 1), Quota("read", 2))), "quotas"),
    ],
)
@pytest.mark.django_db
def test_what_no_licence_can_say_is_refused_by_its_field_and_leaves_nothing(limits, field):
    with pytest.raises(BadTerms) as refusal:
        a_licence(a_user(), limits=limits)
    assert refusal.value.field == field
    assert str(refusal.value)
    assert not Licence.objects.exists()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"uses": []}, "uses"),
        ({"uses": ["sing"]}, "uses"),
        ({"products": []}, "products"),
        ({"ends_at": NOON - 2 * DAY}, "ends_at"),
        ({"clause": "  "}, "clause"),
        ({"source_ref": " "}, "source_ref"),
    ],
)
@pytest.mark.django_db
def test_a_licence_without_what_it_needs_is_refused_by_its_field(facts, field):
    with pytest.raises(BadTerms) as refusal:
        a_licence(a_user(), **facts)
    assert refusal.value.field == field


LEAST: dict[str, Any] = {
    "uses": ["read"],
    "all_products": False,
    "product_ids": [1],
    "item_ids": [],
    "starts_at": NOON,
    "ends_at": NOON,
    "clause": "§4",
} | columns(
    Limits(
        archive=timedelta(seconds=1),
        seats=1,
        quotas=(Quota("read", 1, overage=Money(1, "eur")), Quota("read", 1, "day")),
    )
)


@pytest.mark.parametrize("facts", [{}, {"ends_at": None}, {"archive": None, "seats": None, "quotas": []}])
def test_the_least_that_a_licence_may_say_is_said(facts):
    check_content(LEAST | facts, "C-1")


def test_a_refusal_names_the_first_country_that_is_none():
    with pytest.raises(BadTerms) as refusal:
        check_content(LEAST | {"territories": ["DE", "XX", "YY"]}, "C-1")
    assert str(refusal.value) == "“XX” is no country of ISO 3166-1."


def test_limits_are_read_off_the_columns_they_were_written_to():
    assert limits_of(**columns(EVERYTHING)) == EVERYTHING


@pytest.mark.django_db
def test_what_is_kept_is_what_was_said():
    licence = a_licence(an_organisation(), limits=EVERYTHING)
    assert licence.versions.get().limits == EVERYTHING
    again = a_licence(
        licence.organisation, limits=EVERYTHING, source_ref=licence.source_ref, starts_at=NOON - DAY, at=NOON
    )
    assert (again, LicenceVersion.objects.count()) == (licence, 1)
    actions.limit(licence=licence, limits=NO_LIMITS, by=SYSTEM, at=NOON, why="They asked.")
    assert [each.limits for each in licence.versions.order_by("number")] == [EVERYTHING, NO_LIMITS]


@pytest.mark.django_db
@pytest.mark.parametrize("holder", [Bearer("a" * 64), Audience.EVERYONE, Audience.REGISTERED])
def test_a_licence_is_held_by_whoever_shows_a_token_or_by_everybody(holder):
    licence = a_licence(holder, source=Source.GIFT, products=[], items=[an_item()])
    assert Licence.objects.get(pk=licence.pk).holder == holder
    assert licence.versions.get().item_ids == list(Item.objects.values_list("pk", flat=True))


@pytest.mark.django_db
def test_a_licence_stays_its_holders():
    licence = a_licence(a_user())
    for other in (a_user(), an_organisation(), Bearer("b" * 64), Audience.EVERYONE):
        with pytest.raises(BadTerms) as refusal:
            a_licence(other, source_ref=licence.source_ref)
        assert refusal.value.field == "holder"


@pytest.mark.parametrize(
    ("period", "at", "starts", "resets"),
    [
        ("day", datetime(2026, 3, 29, 0, 30, tzinfo=ISTANBUL), (2026, 3, 28), (2026, 3, 29)),
        ("day", datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), (2026, 12, 31), (2027, 1, 1)),
        ("month", datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC), (2028, 2, 1), (2028, 3, 1)),
        ("month", datetime(2026, 1, 31, tzinfo=UTC), (2026, 1, 1), (2026, 2, 1)),
        ("month", datetime(2026, 12, 1, tzinfo=UTC), (2026, 12, 1), (2027, 1, 1)),
        ("month", datetime(2026, 3, 1, 2, tzinfo=ISTANBUL), (2026, 2, 1), (2026, 3, 1)),
        ("year", datetime(2028, 2, 29, tzinfo=UTC), (2028, 1, 1), (2029, 1, 1)),
        ("term", NOON, None, None),
    ],
)
def test_a_quotas_period_begins_and_ends_at_midnight_utc(period, at, starts, resets):
    quota = Quota("read", 1, period)
    expected = tuple(datetime(*day, tzinfo=UTC) if day else None for day in (starts, resets))
    assert (quota.starts(at), quota.resets(at)) == expected


def test_a_line_is_read_back_as_it_was_written():
    line = Line("Wire", ("sport",), ("read", "publish"), EVERYTHING, "§3", Money(120_000, "eur"), "year", 1500)
    assert Line.from_json(line.as_json()) == line
    plain = Line("All", (), ("read",), NO_LIMITS, "§1", Money(1, "jpy"))
    assert Line.from_json(plain.as_json()) == plain


def test_countries_are_those_of_iso_3166():
    assert is_country("TR")
    assert is_country("XK")
    assert not any(is_country(code) for code in ("tr", "EU", "UN", "ZZ", "XA", "", "TUR", "001"))
    assert countries("tr")["DE"] == "Almanya"
    assert list(countries("en").values()) == sorted(countries("en").values())
    assert Organisation._meta.get_field("country").max_length == 2


def test_uses_are_named_as_the_field_names_them():
    assert [use.value for use in Use] == [
        "read", "download", "publish", "syndicate", "receive", "ai-train", "ai-input", "ai-index",
    ]  # fmt: skip
