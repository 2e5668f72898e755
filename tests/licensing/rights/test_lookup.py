"""What the database says, by names: and no name that is a secret or an address."""

import pytest

from newsroom.licensing.models import Bearer
from newsroom.licensing.rights.lookup import granted_of, named, reserved_of
from newsroom.licensing.rights.odrl import read_granted, read_reserved, write_granted, write_reserved
from newsroom.licensing.rights.said import Granted, Party, Reserved
from newsroom.licensing.rules import Audience, Limits, Quota, Source, Use
from tests.factories import DAY, NOON, a_licence, a_product, a_release, a_user, an_item, an_organisation

pytestmark = pytest.mark.django_db
AGENCY = "http://127.0.0.1:8000/"


def test_a_version_is_said_by_names(settings):
    settings.BASE_URL, settings.SITE_NAME = "https://agency.example", "The Agency"
    paper, item, sport = an_organisation("The Ferry Post"), an_item(), a_product("sport")
    limits = Limits(seats=3, quotas=(Quota("read", 9),))
    licence = a_licence(paper, products=[sport], items=[item], uses=[Use.READ, Use.DOWNLOAD], limits=limits)

    said = granted_of(licence.versions.get())

    assert said == Granted(
        uid=f"https://agency.example/rights/licences/{licence.pk}/versions/1",
        by=Party("https://agency.example/", "The Agency"),
        to=Party(f"https://agency.example/rights/organisations/{paper.slug}", "The Ferry Post"),
        uses=frozenset({"read", "download"}),
        products=frozenset({"sport"}),
        starts_at=NOON - DAY,
        ends_at=NOON + DAY,
        clause="test clause",
        items=frozenset({item.uri}),
        limits=limits,
    )
    assert read_granted(write_granted(said)) == said


@pytest.mark.parametrize(
    ("holder", "place", "name", "many"),
    [
        (Bearer("f" * 64), "licences/{pk}/bearer", "whoever has the link", True),
        (Audience.REGISTERED, "audiences/registered", "registered readers", True),
    ],
)
def test_a_holder_who_is_no_one_in_particular_is_a_group(settings, holder, place, name, many):
    licence = a_licence(holder, source=Source.GIFT)
    to = granted_of(licence.versions.get()).to
    assert to == Party(f"{settings.BASE_URL}/rights/{place.format(pk=licence.pk)}", name, many)
    assert "ffff" not in str(to)
    assert named(holder) == name


def test_a_person_is_named_by_number(settings):
    user = a_user("secret@example.com", name="Ada Reader")
    to = granted_of(a_licence(user).versions.get()).to
    assert to == Party(f"{settings.BASE_URL}/rights/people/{user.pk}", "Ada Reader")


def test_a_release_is_said_by_names(settings):
    made = a_release(territories_out=("DE",), uses_out=("ai-train",), archive=DAY, usage_terms="Credit.")
    said = reserved_of(made)
    assert said == Reserved(
        uid=f"{settings.BASE_URL}/rights/releases/{made.sequence}",
        by=Party(f"{settings.BASE_URL}/", settings.SITE_NAME),
        uri=made.item.uri,
        shown_at=made.shown_at,
        territories_out=frozenset({"DE"}),
        uses_out=frozenset({"ai-train"}),
        archive=DAY,
        usage_terms="Credit.",
    )
    assert read_reserved(write_reserved(said)) == said
