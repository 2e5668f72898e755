"""The page that explains access: whose, to what, when; in words, and without counting a use."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group

from newsroom.access.rules import Reason
from newsroom.access.steps import OF_A_LICENCE, OF_THE_STORY, Preference
from newsroom.accounts.models import Membership, Network
from newsroom.core.audit import SYSTEM
from newsroom.core.clock import now
from newsroom.licensing import actions as licensing
from newsroom.licensing.models import Seat, Usage
from newsroom.licensing.rules import Limits, Source, Use
from newsroom.newsdesk.actions import FINANCE, SALES
from newsroom.newsdesk.explain import words
from newsroom.newsdesk.explain.remedies import FINAL, WIDER
from newsroom.wire import actions as wire
from tests.factories import (
    DAY,
    HOUR,
    NOON,
    a_licence,
    a_member,
    a_product,
    a_release,
    a_user,
    an_organisation,
    staff_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def explained(at_desk):
    """The page's answer to a question, asked by a seller."""
    seller = a_user(is_staff=True, name="Sam Seller")
    seller.groups.add(Group.objects.get(name=SALES))
    client = at_desk(seller)

    def ask(**asked):
        return client.get("/desk/explain/", asked)

    return ask


def test_without_a_question_it_is_a_form(explained):
    page = explained()
    assert (page.status_code, "answer" in page.context, page.context["form"].is_bound) == (200, False, False)


def test_a_yes_names_the_licence_the_clause_and_every_rule_that_was_asked(explained):
    paper = an_organisation("The Ferry Post")
    user = a_member(paper)
    licence = a_licence(
        paper, source=Source.CONTRACT, source_ref="C-7", products=[a_product("sport")], clause="§4: all"
    )
    made = a_release()

    page = explained(who=user.email, story=made.item.uri, at="2026-03-03T15:00:00")

    assert page.context["decision"].licence_id == licence.pk
    assert str(page.context["verdict"]) == "Yes: a licence allows it."
    assert [each["licence"] for each in page.context["licences"]] == [licence]
    assert [each.mark for each in page.context["story"]] == ["passed"] * 3 + ["silent"] * 7
    text = page.content.decode()
    for words_shown in ("The Ferry Post", "contract C-7", "§4: all", "It covers: “Sport”. The story is in: “Sport”."):
        assert words_shown in text
    assert "They are shown the full text." in text
    assert not Usage.objects.exists()


def test_the_past_is_answered_as_it_was_and_has_an_address_of_its_own(explained):
    user = a_user()
    licensing.suspend(licence=a_licence(user), by=SYSTEM, at=NOON + HOUR, why="not paid")
    item = a_release().item
    wire.kill(item=item, by=SYSTEM, note="False.", at=NOON + 2 * HOUR)

    answers = [
        explained(who=user.email, story=item.uri, at=f"2026-03-03T{hour}:30:00").context for hour in (15, 16, 17)
    ]

    assert [each["decision"].reason for each in answers] == [Reason.LICENSED, Reason.SUSPENDED, Reason.KILLED]
    assert explained().client.get(f"/desk/explain/{answers[1]['here']}").context["decision"] == answers[1]["decision"]


def test_a_no_says_what_would_change_it_and_who_can(explained):
    paper = an_organisation()
    a_member(paper, a_user(name="Ada Admin"), role=Membership.Role.OWNER)
    user, other = a_member(paper), a_member(paper)
    licence = a_licence(
        paper, products=[a_product("turkish", {"include": {"language": ["tr"]}})], limits=Limits(seats=1)
    )
    Seat.objects.create(licence=licence, user=other, number=1, valid_from=NOON - DAY)
    a_product("english", {"include": {"language": ["en"]}})
    made = a_release()

    page = explained(who=user.email, story=made.item.get_absolute_url(), use="download", at="2026-03-03T15:00:00")

    assert [each.text for each in page.context["changes"]] == [
        "Add one of these products to the licence: “English”.",
        "Add the use “download” to the licence.",
        "A seat: 1 of 1 are taken. Those who give seats: Ada Admin.",
    ]
    assert {each.url for each in page.context["changes"]} == {f"/desk/licences/{licence.pk}/"}


def test_without_any_licence_it_says_which_product_would_open_the_story(explained):
    a_product("english", {"include": {"language": ["en"]}})
    made = a_release()
    page = explained(story=made.item.uri, at="2026-03-03T15:00:00")
    assert [each.text for each in page.context["changes"]] == [
        "A licence for the use “read” that covers one of these: “English”."
    ]


def test_somebody_without_an_account_is_let_in_by_the_network(explained):
    library = an_organisation()
    a_licence(library, source=Source.NETWORK)
    Network.objects.create(organisation=library, cidr="192.0.2.0/24", valid_from=NOON - DAY)
    item = a_release().item

    def reason(address):
        return explained(story=item.uri, at="2026-03-03T15:00:00", address=address).context["decision"].reason

    assert (reason("192.0.2.7"), reason("198.51.100.7")) == (Reason.LICENSED, Reason.NO_LICENCE)


def test_the_manner_is_asked_for_and_compared(explained):
    user = a_user()
    limits = Limits(territories=frozenset({"TR"}), channels=frozenset({"web"}))
    a_licence(user, uses=[Use.PUBLISH], limits=limits)
    item = a_release().item
    question = {"who": user.email, "story": item.uri, "use": "publish", "at": "2026-03-03T15:00:00"}

    refused = explained(**question, channel="print", territory="TR")
    allowed = explained(**question, channel="web", country="TR")

    assert refused.context["licences"][0]["lines"][-1].text == "It allows: web. Asked for: print."
    assert allowed.context["decision"].reason is Reason.LICENSED


def test_an_organisation_is_found_by_its_name_and_several_are_offered(explained):
    one, other = an_organisation("Ferry Post"), an_organisation("Ferry Times")
    item = a_release().item

    several = explained(who="ferry", story=item.uri)
    exact = explained(who="ferry post", story=item.uri)

    assert several.context["form"].errors == {"who": ["Several organisations are called like this: choose one."]}
    assert [label for _url, label in several.context["choices"]] == ["Ferry Post", "Ferry Times"]
    chosen = several.client.get(f"/desk/explain/{several.context['choices'][1][0]}")
    assert (exact.context["who"], chosen.context["who"]) == (one, other)


def test_a_story_is_found_by_the_words_everybody_may_see_and_by_no_others(explained):
    shown = a_release(headline="Ferries collide in fog")
    a_release(headline="Ferries sold in secret", embargo_until=now() + DAY)

    found = explained(story="ferries fog")
    hidden = explained(story="secret ferries")

    assert found.context["item"] == shown.item
    assert "Ferries collide in fog" in found.content.decode()
    assert hidden.context["form"].errors == {"story": ["There is no story with this address, URI or headline."]}


def test_a_story_under_embargo_is_explained_without_its_headline(explained):
    made = a_release(headline="Ferries sold in secret", embargo_until=now() + DAY)
    page = explained(story=made.item.uri)
    assert page.context["decision"].reason is Reason.EMBARGOED
    assert "Ferries sold" not in page.content.decode()


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        ({"who": "nobody@example.com"}, ["who"]),
        ({"story": ""}, ["story"]),
        ({"story": "no such thing"}, ["story"]),
        ({"use": "steal"}, ["use"]),
        ({"at": "soon"}, ["at"]),
        ({"address": "300.1.2.3"}, ["address"]),
        ({"country": "Atlantis"}, ["country"]),
        ({"territory": "XX"}, ["territory"]),
        ({"channel": "smoke"}, ["channel"]),
        ({"format": "papyrus"}, ["format"]),
        ({"rendition": "99"}, ["rendition"]),
    ],
)
def test_what_is_wrong_is_said_at_its_field(explained, asked, fields):
    page = explained(**{"who": a_user().email, "story": a_release().item.uri} | asked)
    assert (page.status_code, list(page.context["form"].errors)) == (200, fields)


def test_the_same_few_queries_explain_one_licence_and_three(explained, django_assert_max_num_queries):
    user = a_user()
    item = a_release().item
    for _number in range(3):
        a_licence(user, products=[a_product()])
    explained(who=user.email, story=item.uri)
    with django_assert_max_num_queries(26):
        page = explained(who=user.email, story=item.uri, at="2026-03-03T15:00:00")
    assert len(page.context["licences"]) == 3


def test_who_may_see_licences_may_ask_and_the_newsroom_has_no_business_there(at_desk):
    finance = a_user(is_staff=True)
    finance.groups.add(Group.objects.get(name=FINANCE))

    assert at_desk(finance).get("/desk/explain/").status_code == 200
    assert at_desk(staff_of()).get("/desk/explain/").status_code == 302


def test_every_rule_reason_and_preference_has_words():
    assert set(words.RULES) == {*OF_THE_STORY, *OF_A_LICENCE}
    assert (set(words.OF_STORY), set(words.OF_LICENCE)) == (set(OF_THE_STORY), set(OF_A_LICENCE))
    assert set(words.VERDICTS) == set(Reason)
    assert set(words.PREFERRED) == set(Preference)
    assert set(FINAL) == set(OF_THE_STORY)
    assert set(WIDER) | {Reason.NO_SEAT} == set(OF_A_LICENCE)


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        (
            Limits(delay=timedelta(days=3)),
            "It opens a story after 3 days: this one on 6 March 2026, 14:00 (UTC+03:00).",
        ),
        (Limits(archive=HOUR / 2), "Stories at most 30 minutes old. This one is of 3 March 2026, 14:00 (UTC+03:00)."),
        (Limits(seats=2), "Seats by name: 2. None of them was theirs."),
        (Limits(territories=frozenset({"DE"})), "It holds in: Germany. Asked for: an unknown place."),
    ],
)
def test_a_limit_that_refuses_says_what_was_compared(explained, limits, text):
    user = a_user()
    a_licence(user, limits=limits)
    page = explained(who=user.email, story=a_release().item.uri, at="2026-03-03T15:00:00")
    assert page.context["licences"][0]["lines"][-1].text == text


def test_a_place_that_nobody_named_is_asked_for(explained):
    user = a_user()
    a_licence(user, limits=Limits(territories=frozenset({"DE"})))
    question = {"who": user.email, "story": a_release().item.uri, "at": "2026-03-03T15:00:00"}
    ways = [explained(**question, **more).context["changes"][0].text for more in ({}, {"country": "TR"})]
    assert ways == [
        "Say from where they come: no place was named. Or widen the licence's territory.",
        "Widen the licence's territory.",
    ]
