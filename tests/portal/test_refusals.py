"""What a refused reader is told: every reason has words of its own, and nobody is sent to buy in vain."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from django.utils import translation

from newsroom.access.rules import Decision, Reason
from newsroom.accounts.models import Membership, User
from newsroom.accounts.readers import ANONYMOUS, Reader
from newsroom.core.clock import now
from newsroom.licensing.rules import Limits, Source, Use
from newsroom.portal import querysets
from newsroom.portal.offers import SPENDING
from newsroom.portal.refusals import REFUSALS, Next
from newsroom.portal.rules import Action, Wall, Whom, stranger, wall_for
from newsroom.wire.rules import Tier
from tests.factories import DAY, HOUR, NOON, a_licence, a_member, a_product, a_release, a_user, an_organisation

REFUSED = set(Reason) - {Reason.FREE, Reason.LICENSED}
OF_STORY = {reason for reason, said in REFUSALS.items() if not said.admins}
PAPER = Whom("The Ferry Post", ("Ada Admin", "Bo Owner"))
HERE = "/story/x/"
PLANS = Action("/pricing/?next=%2Fstory%2Fx%2F", "See plans and prices")
ASK = Action("/contact/?story=x", "Contact us")
ORGANISATIONS = Action("/contact/?story=x", "For organisations: contact us")
MINE = Action("/account/subscription/", "Your subscription")
SIGN_IN = Action("/account/login/?next=%2Fstory%2Fx%2F", "Sign in")
OTHERS = Action("/", "Other stories")


def no(reason: Reason, tier: Tier = Tier.SUMMARY, licence_id: int | None = 7) -> Decision:
    return Decision(tier, reason, licence_id, "§4", NOON, 1)


def test_no_reason_is_without_words():
    assert set(REFUSALS) == REFUSED - SPENDING


@pytest.mark.parametrize("tier", [Tier.NOTHING, Tier.SUMMARY])
@pytest.mark.parametrize("reason", sorted(REFUSED), ids=str)
def test_a_refusal_has_a_title_a_sentence_and_no_gap_in_either(reason, tier):
    for whom in (None, PAPER, Whom("The Ferry Post")):
        for on_sale in (True, False):
            wall = wall_for(no(reason, tier), anonymous=False, here=HERE, whom=whom, on_sale=on_sale)
            assert wall.title
            assert wall.text.endswith(".")
            assert "%(" not in wall.title + wall.text
            assert wall.actions or whom is not None


def test_two_reasons_do_not_share_a_text():
    texts = [str(said.text) for said in REFUSALS.values()]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("reason", sorted(REFUSED - SPENDING), ids=str)
def test_a_stranger_is_told_the_same_whatever_the_reason(reason):
    assert wall_for(no(reason), anonymous=True, here=HERE, whom=PAPER) == Wall(
        "The full text is for licence holders",
        "You are reading the summary. Subscribe to read the whole story, or sign in if you hold a licence.",
        (PLANS, SIGN_IN, ORGANISATIONS),
        "No account yet? You can create one while you subscribe.",
    )


@pytest.mark.parametrize("reason", sorted(SPENDING), ids=str)
def test_of_what_was_spent_a_stranger_learns_no_clause_and_no_name(reason):
    wall = wall_for(no(reason), anonymous=True, here=HERE, whom=PAPER)
    assert (wall.actions, wall.small) == ((PLANS, SIGN_IN, ORGANISATIONS), "")
    assert "Ferry" not in wall.text


@pytest.mark.parametrize("reason", sorted(REFUSED), ids=str)
def test_nobody_is_sent_to_buy_what_would_not_open_the_story(reason):
    anonymous, holder, member = (
        wall_for(no(reason), anonymous=anonymous, here=HERE, whom=whom, on_sale=False)
        for anonymous, whom in ((True, None), (False, None), (False, PAPER))
    )
    for wall in (anonymous, holder, member):
        assert PLANS not in wall.actions
        assert "Subscribe" not in wall.text


@pytest.mark.parametrize("reason", sorted(OF_STORY), ids=str)
def test_what_holds_for_everybody_sells_nothing_and_names_nobody(reason):
    wall = wall_for(no(reason, licence_id=None), anonymous=False, here=HERE, whom=PAPER)
    assert (wall.actions, wall.small) == ((OTHERS,), "")
    assert "Ada Admin" not in wall.text


def test_an_organisations_people_are_told_whom_to_ask_and_not_to_pay():
    for reason in REFUSED - OF_STORY:
        wall = wall_for(no(reason), anonymous=False, here=HERE, whom=PAPER)
        assert wall.text.endswith("At The Ferry Post these people can help: Ada Admin and Bo Owner.")
        assert not {PLANS, MINE} & set(wall.actions)


@pytest.mark.parametrize(
    ("reason", "text", "actions"),
    [
        (Reason.ENDED, "It ended on 3 March 2026. Renew it to read the whole story.", (PLANS, MINE)),
        (Reason.DELAYED, "It opens on 3 March 2026, 15:00. Ask us if you need stories at once.", (ASK,)),
        (
            Reason.STORY_TOO_OLD,
            "It could be used until 3 March 2026. Its own terms end there for everybody.",
            (OTHERS,),
        ),
        (Reason.NO_LICENCE, "You are reading the summary. Subscribe to read the whole story.", (PLANS,)),
    ],
)
def test_dates_and_steps_are_those_of_the_reason(reason, text, actions):
    wall = wall_for(no(reason), anonymous=False, here=HERE)
    assert (wall.text, wall.actions) == (text, actions)


def test_a_step_is_offered_once():
    wall = wall_for(no(Reason.OUTSIDE_PRODUCT), anonymous=False, here=HERE, on_sale=False)
    assert wall.actions == (ASK,)


def test_words_follow_the_readers_language():
    with translation.override("fr"):
        assert wall_for(no(Reason.ENDED), anonymous=False, here=HERE).text.count("2026") == 1


def test_every_step_leads_somewhere(client: Client):
    for step in Next:
        reason = next(reason for reason, said in REFUSALS.items() if step in said.steps)
        wall = wall_for(no(reason), anonymous=False, here=HERE)
        assert all(action.url.startswith("/") for action in wall.actions)


def test_somebody_on_a_network_who_has_not_signed_in_is_a_stranger():
    assert (stranger(ANONYMOUS), stranger(Reader(network_ids=frozenset({1}))), stranger(Reader(1))) == (
        True,
        True,
        False,
    )


@pytest.mark.django_db
def test_the_licences_organisation_is_named_to_its_members_and_to_nobody_else():
    paper, other = an_organisation("The Ferry Post"), an_organisation()
    a_member(paper, a_user(name="Ada Admin"), role=Membership.Role.OWNER)
    member, outsider = a_member(paper), a_member(other)
    a_member(paper, a_user(name="Bo Biller"), role=Membership.Role.BILLING)
    gone = a_member(paper, a_user(name="Cy Gone"), role=Membership.Role.OWNER)
    Membership.objects.filter(user=gone).update(valid_to=NOON - HOUR)
    refusal = no(Reason.NO_SEAT, licence_id=a_licence(paper, limits=Limits(seats=1)).pk)

    def told(user, organisation):
        return querysets.whom(refusal, Reader(user.pk, frozenset({organisation.pk})), NOON)

    assert told(member, paper) == Whom("The Ferry Post", ("Ada Admin",))
    assert told(outsider, other) is None
    assert (
        querysets.whom(no(Reason.NO_LICENCE, licence_id=None), Reader(member.pk, frozenset({paper.pk})), NOON) is None
    )


@pytest.mark.django_db
def test_a_story_that_no_plan_opens_is_sold_by_agreement(monkeypatch):
    inside, outside = a_release(language="en").item, a_release(language="tr").item
    product = a_product("english", {"include": {"language": ["en"]}})
    inside.product_ids, outside.product_ids = [product.pk], []
    real = querysets.catalogue()
    narrow = [plan for plan in real.on_sale() if plan.products is not None] or [real.on_sale()[0]]
    some = replace(real, plans=(replace(narrow[0], products=("english",), uses=(Use.READ,), sold=True),))
    monkeypatch.setattr(querysets, "catalogue", lambda: some)

    assert [querysets.on_sale(item, Use.READ) for item in (inside, outside)] == [True, False]
    assert querysets.on_sale(inside, Use.PUBLISH) is False


@pytest.mark.django_db
def test_a_member_without_a_seat_reads_whom_to_ask_on_the_storys_page(signed_in: Callable[[User], Client]):
    paper, at = an_organisation("The Ferry Post"), now()
    member = a_member(paper)
    a_member(paper, a_user(name="Ada Admin"), role=Membership.Role.ADMIN)
    limits = Limits(seats=1, clauses={"seats": "§5: one seat"})
    a_licence(paper, source=Source.CONTRACT, starts_at=at - DAY, ends_at=at + DAY, at=at - DAY, limits=limits)
    item = a_release(at - HOUR).item

    page = signed_in(member).get(item.get_absolute_url()).content.decode()

    for words in ("You have no seat in the licence", "Ada Admin", "The Ferry Post", "§5: one seat"):
        assert words in page
    assert "/pricing/?next=" not in page
    assert "first ferry left" not in page
