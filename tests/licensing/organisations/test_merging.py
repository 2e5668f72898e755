"""Two accounts that are one person: by consent of both, or by staff with a reason; undone within 30 days."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from newsroom.access.decide import decide
from newsroom.access.rules import Reason
from newsroom.accounts.backends import Backend
from newsroom.accounts.models import Membership, Merger, MergerRequest, User
from newsroom.accounts.readers import ANONYMOUS, present, reader_of
from newsroom.core.audit import SYSTEM
from newsroom.core.models import AuditEntry, Message
from newsroom.licensing import actions, seats
from newsroom.licensing.models import Licence, Seat, Usage
from newsroom.licensing.organisations import consent, members, merging
from newsroom.licensing.organisations.merging import BothPay, ConsentMissing, MergerRefused, TooLate
from newsroom.licensing.rules import Source, Use
from tests.factories import DAY, HOUR, NOON, a_licence, a_user, an_item
from tests.licensing.organisations.people import LONG_AGO, a_paper, belong, membership, seated

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    monkeypatch.setattr("newsroom.accounts.receivers.now", lambda: NOON)
    monkeypatch.setattr("newsroom.accounts.backends.now", lambda: NOON)


def person(email: str) -> User:
    user = a_user(email)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


@pytest.fixture
def keep() -> User:
    return person("here@paper.example")


@pytest.fixture
def gone() -> User:
    return person("there@home.example")


def merge(keep, gone, at=NOON, why="the old address is dead") -> Merger:
    return merging.merge_people(keep=keep, gone=gone, by=SYSTEM, at=at, why=why)


def tokens(kind: str = "person_merger") -> dict[str, str]:
    found = {}
    for message in Message.objects.filter(kind=kind).order_by("pk"):
        link = re.search(r"/account/merge/([^/\s]+)/", message.text)
        assert link is not None
        found[message.to] = link[1]
    return found


def reason(user, item, at) -> Reason:
    return decide(reader=reader_of(user, at), item=item, use=Use.READ, at=at).reason


def test_from_the_merger_on_one_holds_what_both_held_and_before_each_their_own(keep, gone):
    licence, item = a_licence(gone, starts_at=LONG_AGO, ends_at=None), an_item(LONG_AGO)

    merge(keep, gone)

    answers = {at: (reason(keep, item, at), reason(gone, item, at)) for at in (NOON - HOUR, NOON, NOON + HOUR)}
    assert answers == {
        NOON - HOUR: (Reason.NO_LICENCE, Reason.LICENSED),
        NOON: (Reason.LICENSED, Reason.NO_LICENCE),
        NOON + HOUR: (Reason.LICENSED, Reason.NO_LICENCE),
    }
    assert Licence.objects.get(pk=licence.pk).user == gone


def test_who_is_gone_is_nobody_at_the_next_request_and_signs_in_no_more(keep, gone):
    merge(keep, gone)

    assert reader_of(gone, NOON) == ANONYMOUS
    assert Backend().get_user(gone.pk) is None
    assert Backend().authenticate(None, email="there@home.example", password="correct-horse-9") in (None, keep)
    assert present(gone) == keep
    assert present(keep) == keep


def test_a_plan_that_is_renewed_after_the_merger_is_the_keepers_and_gives_the_gone_nothing(keep, gone):
    facts = {"source": Source.PLAN, "source_ref": "sub_1", "starts_at": LONG_AGO}
    a_licence(gone, **facts, ends_at=NOON + HOUR)
    item = an_item(LONG_AGO)
    merge(keep, gone)

    a_licence(gone, **facts, ends_at=NOON + 30 * DAY, at=NOON)  # what the sync of billing does

    at = NOON + DAY
    assert (reason(keep, item, at), reason(gone, item, at)) == (Reason.LICENSED, Reason.NO_LICENCE)


def test_memberships_become_the_keepers_with_the_stronger_role(keep, gone):
    ours, _owner = a_paper()
    theirs, _other = a_paper()
    for paper, user, role in ((ours, keep, "member"), (ours, gone, "admin"), (theirs, gone, "billing")):
        belong(paper, user, role)

    merge(keep, gone)

    assert (membership(ours, keep).role, membership(theirs, keep).role) == ("admin", "billing")
    assert not Membership.objects.open().filter(user=gone).exists()
    assert reader_of(keep, NOON).organisation_ids == {ours.pk, theirs.pk}
    assert reader_of(gone, NOON - HOUR).organisation_ids == {ours.pk, theirs.pk}


def test_the_only_owner_may_be_merged(keep, gone):
    paper, owner = a_paper()

    merge(keep, owner)

    assert membership(paper, keep).role == "owner"


def test_seats_are_moved_and_a_double_one_is_free(keep, gone):
    paper, _owner = a_paper()
    first, second = seated(paper, 2), seated(paper, 1)
    for licence, user in ((first, keep), (first, gone), (second, gone)):
        if not Membership.objects.open().filter(user=user).exists():
            belong(paper, user)
        seats.give(licence=licence, user=user, by=SYSTEM, at=NOON - HOUR)

    merge(keep, gone)

    sitting = set(Seat.objects.taken().values_list("licence", "user", "number"))
    assert sitting == {(first.pk, keep.pk, 1), (second.pk, keep.pk, 1)}


def test_the_ledger_stays_as_it_was_and_both_have_a_line(keep, gone):
    item = an_item(LONG_AGO)
    Usage.objects.create(
        key="k", at=NOON - HOUR, user=gone, item=item, release=item.head, use="read", channel="portal", request_id="r"
    )

    merger = merge(keep, gone)

    assert Usage.objects.get().user == gone
    lines = AuditEntry.objects.filter(action="person.merged").values_list("subject_id", "why", "facts__one_sided")
    assert set(lines) == {(str(each.pk), "the old address is dead", True) for each in (keep, gone)}
    assert merger.one_sided


def test_both_addresses_get_a_link_and_only_when_both_agree_they_are_one(keep, gone):
    consent.ask(keep=keep, email="There@home.example ", by=keep.actor, at=NOON)
    links = tokens()
    assert set(links) == {"here@paper.example", "there@home.example"}
    assert not any(token in str(list(MergerRequest.objects.values())) for token in links.values())

    assert consent.agree(token=links["here@paper.example"], by=keep.actor, at=NOON) is None
    assert consent.agree(token=links["here@paper.example"], by=keep.actor, at=NOON) is None
    merger = consent.agree(token=links["there@home.example"], by=gone.actor, at=NOON + HOUR)

    assert (merger.keep, merger.gone, merger.one_sided, merger.valid_from) == (keep, gone, False, NOON + HOUR)
    assert set(EmailAddress.objects.filter(user=keep).values_list("email", "primary")) == {
        ("here@paper.example", True),
        ("there@home.example", False),
    }
    with pytest.raises(consent.LinkDead):
        consent.find(token=links["there@home.example"], at=NOON + HOUR)


@pytest.mark.parametrize("who", ["here@paper.example", "there@home.example"])
def test_either_side_may_say_no(keep, gone, who):
    consent.ask(keep=keep, email=gone.email, by=keep.actor, at=NOON)
    links = tokens()

    consent.decline(token=links[who], by=SYSTEM, at=NOON)

    for token in links.values():
        with pytest.raises(consent.LinkDead):
            consent.agree(token=token, by=SYSTEM, at=NOON)
    assert not Merger.objects.exists()


def test_links_run_out_and_a_new_wish_kills_the_former_ones(keep, gone):
    consent.ask(keep=keep, email=gone.email, by=keep.actor, at=NOON)
    first = tokens()
    with pytest.raises(consent.LinkDead):
        consent.find(token=first[keep.email], at=NOON + consent.LIVES)
    consent.ask(keep=keep, email=gone.email, by=keep.actor, at=NOON + HOUR)
    with pytest.raises(consent.LinkDead):
        consent.find(token=first[keep.email], at=NOON + HOUR)
    assert consent.find(token=tokens()[gone.email], at=NOON + HOUR).mine == gone


def test_nobody_is_told_whether_the_other_address_has_an_account(keep):
    consent.ask(keep=keep, email="nobody@home.example", by=keep.actor, at=NOON)
    assert not Message.objects.exists()


def test_what_cannot_be_asked_is_said_at_its_field(keep, gone):
    with pytest.raises(MergerRefused) as own:
        consent.ask(keep=keep, email=keep.email.upper(), by=keep.actor, at=NOON)
    for _ in range(consent.MOST_A_DAY):
        consent.ask(keep=keep, email=gone.email, by=keep.actor, at=NOON)
    with pytest.raises(MergerRefused, match="too often") as often:
        consent.ask(keep=keep, email=gone.email, by=keep.actor, at=NOON)
    assert (own.value.field, often.value.field) == ("email", "email")


def test_one_side_alone_needs_staff_and_a_reason(keep, gone):
    consent.ask(keep=keep, email=gone.email, by=keep.actor, at=NOON)
    half = MergerRequest.objects.get()

    with pytest.raises(ConsentMissing) as refusal:
        merge(keep, gone, why="  ")
    with pytest.raises(ConsentMissing):
        merging.merge_people(keep=keep, gone=gone, consent=half, by=SYSTEM, at=NOON)
    with pytest.raises(ConsentMissing):
        merging.merge_people(keep=keep, gone=a_user(), consent=half, by=SYSTEM, at=NOON)

    assert refusal.value.field == "why"


def test_a_dead_address_is_nobodys_afterwards(keep, gone):
    merge(keep, gone)
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["here@paper.example"]


def test_who_cannot_be_merged(keep, gone):
    staff, closed = a_user(is_staff=True), a_user(is_active=False)
    for one, other in ((keep, keep), (keep, staff), (staff, gone), (keep, closed)):
        with pytest.raises(MergerRefused) as refusal:
            merge(one, other)
        assert refusal.value.field == "gone"


def test_two_who_both_pay_end_one_plan_first(keep, gone):
    for user in (keep, gone):
        a_licence(user, source=Source.PLAN)
    with pytest.raises(BothPay):
        merge(keep, gone)
    actions.end(licence=Licence.objects.get(user=gone), by=SYSTEM, at=NOON, why="cancelled")
    merge(keep, gone)


def test_who_is_merged_into_somebody_is_merged_no_second_time(keep, gone):
    merge(keep, gone)

    with pytest.raises(MergerRefused):
        merge(a_user(), gone)
    with pytest.raises(IntegrityError), transaction.atomic():
        Merger.objects.create(keep=a_user(), gone=gone, valid_from=NOON)


def test_three_accounts_become_one(keep, gone):
    third, item = person("third@else.example"), an_item(LONG_AGO)
    a_licence(gone, starts_at=LONG_AGO, ends_at=None)
    merge(keep, gone)

    merge(third, keep, at=NOON + HOUR)

    assert reader_of(third, NOON + HOUR).former_ids == {keep.pk, gone.pk}
    assert [reason(third, item, at) for at in (NOON, NOON + HOUR)] == [Reason.NO_LICENCE, Reason.LICENSED]
    assert reason(keep, item, NOON) is Reason.LICENSED


def test_undone_each_has_their_own_again_and_meanwhile_is_remembered(keep, gone):
    paper, _owner = a_paper()
    licence, item = seated(paper, 1, ends_at=None), an_item(LONG_AGO)
    belong(paper, keep)
    belong(paper, gone, "admin")
    seats.give(licence=licence, user=gone, by=SYSTEM, at=NOON - HOUR)
    a_licence(gone, starts_at=LONG_AGO, ends_at=None)

    merging.undo(merger=merge(keep, gone), by=SYSTEM, at=NOON + DAY, why="two people after all")

    assert (membership(paper, keep).role, membership(paper, gone).role) == ("member", "admin")
    assert Seat.objects.taken().get(licence=licence).user == gone
    assert [reason(keep, item, at) for at in (NOON + HOUR, NOON + DAY)] == [Reason.LICENSED, Reason.NO_SEAT]
    assert [reason(gone, item, at) for at in (NOON + HOUR, NOON + DAY)] == [Reason.NO_LICENCE, Reason.LICENSED]
    assert EmailAddress.objects.get(user=gone).email == "there@home.example"
    assert AuditEntry.objects.filter(action="person.merger_undone").count() == 2


def test_undone_nobody_returns_who_was_removed_meanwhile(keep, gone):
    paper, _owner = a_paper()
    belong(paper, gone)
    merger = merge(keep, gone)
    members.remove(membership=membership(paper, keep), by=SYSTEM, at=NOON + HOUR)

    merging.undo(merger=merger, by=SYSTEM, at=NOON + DAY, why="two people")

    assert not Membership.objects.open().filter(user__in=[keep, gone]).exists()


def test_it_is_undone_once_within_thirty_days_and_before_the_next(keep, gone):
    merger = merge(keep, gone)
    with pytest.raises(TooLate):
        merging.undo(merger=merger, by=SYSTEM, at=NOON + merging.UNDONE_WITHIN + HOUR, why="late")
    later = merge(person("third@else.example"), keep, at=NOON + HOUR)
    with pytest.raises(TooLate):
        merging.undo(merger=merger, by=SYSTEM, at=NOON + DAY, why="not the last")
    merging.undo(merger=later, by=SYSTEM, at=NOON + DAY, why="wrong")
    assert reader_of(keep, NOON + DAY).former_ids == {gone.pk}
    with pytest.raises(TooLate):
        merging.undo(merger=later, by=SYSTEM, at=NOON + DAY, why="again")
