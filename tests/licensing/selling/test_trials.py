"""A trial: once for each organisation, announced before its end, summed up after it."""

from datetime import timedelta

import pytest

from newsroom.accounts.models import Membership, Organisation, User
from newsroom.accounts.readers import reader_of
from newsroom.core import clock
from newsroom.core.audit import SYSTEM
from newsroom.core.models import Message
from newsroom.licensing import actions, ledger, tasks
from newsroom.licensing.models import Lead, Trial
from newsroom.licensing.rules import Source, Use
from newsroom.licensing.selling import trials
from newsroom.licensing.selling.errors import BadOffer
from tests.factories import DAY, NOON, a_desk, a_release, an_organisation
from tests.licensing.selling.world import a_lead, a_seller

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
END = NOON + 14 * DAY


def a_trial(lead=None, organisation=None, **facts):
    values = {"products": None, "uses": (Use.READ,), "days": trials.DAYS, "by": SYSTEM, "at": NOON}
    return trials.start(lead=lead or a_lead(), organisation=organisation, **values | facts)


def test_a_trial_makes_the_organisation_lets_the_contact_in_and_starts_a_licence():
    trial = a_trial()

    user, organisation = User.objects.get(email="zeynep@zebra.example"), Organisation.objects.get()
    said = trial.licence.versions.get()
    assert (organisation.name, organisation.slug, organisation.country) == ("Daily Zebra", "daily-zebra", "TR")
    assert Membership.objects.get().role == Membership.Role.OWNER
    assert reader_of(user, NOON).organisation_ids == {organisation.pk}
    assert (trial.licence.source, trial.licence.organisation, said.ends_at) == (Source.TRIAL, organisation, END)
    assert (trial.lead.state, Lead.objects.get().state, Lead.objects.get().organisation) == (
        "new",
        "trial",
        organisation,
    )
    assert Message.objects.filter(kind="trial_started", to="zeynep@zebra.example").count() == 1


def test_an_organisation_has_one_trial():
    trial = a_trial()

    for lead in (trial.lead, a_lead(email="other@zebra.example")):
        with pytest.raises(BadOffer, match="had its trial") as refusal:
            a_trial(lead, trial.organisation)
        assert refusal.value.field == "organisation"
    assert Trial.objects.count() == 1


@pytest.mark.parametrize("days", [0, -1, 91])
def test_a_trial_of_no_days_or_of_too_many_is_none(days):
    with pytest.raises(BadOffer) as refusal:
        a_trial(days=days)

    assert (refusal.value.field, Organisation.objects.count()) == ("days", 0)


def test_an_organisation_that_has_an_owner_gets_a_member_and_a_taken_short_name_another():
    paper = an_organisation()
    Organisation.objects.filter(pk=paper.pk).update(slug="daily-zebra")
    trials.admit(organisation=paper, email="first@zebra.example", name="First", locale="en", by=SYSTEM, at=NOON)
    for _ in range(2):
        trials.admit(organisation=paper, email="Second@zebra.example", name="Second", locale="en", by=SYSTEM, at=NOON)

    assert list(Membership.objects.order_by("pk").values_list("role", flat=True)) == ["owner", "member"]
    assert a_trial().organisation.slug == f"daily-zebra-{Lead.objects.get().pk}"


def test_the_customer_hears_three_days_before_the_end_and_once():
    trial = a_trial()

    for at in (END - 3 * DAY - SECOND, END - 3 * DAY, END - 2 * DAY):
        trials.give_notice(trial_id=trial.pk, at=at)
        if at < END - 3 * DAY:
            assert Message.objects.filter(kind="trial_ending").count() == 0

    trial.refresh_from_db()
    assert (trial.noticed_at, Message.objects.filter(kind="trial_ending").count()) == (END - 3 * DAY, 1)
    assert [note.text for note in trial.lead.notes.all()] == ["The trial ends soon; the customer was told."]


def test_the_account_manager_gets_the_summary_after_the_end_and_once():
    seller = a_seller()
    trial = a_trial()
    reader = reader_of(User.objects.get(email="zeynep@zebra.example"), NOON)
    stories = [a_release(desk=a_desk("sport")), a_release(desk=a_desk("sport")), a_release(desk=a_desk("world"))]
    for number, release in enumerate([*stories, stories[0]]):
        ledger.record(
            reader=reader,
            licence_id=trial.licence_id,
            item_id=release.item_id,
            release_id=release.pk,
            use=Use.READ,
            channel="portal",
            request_id="r",
            at=NOON + number * DAY,
        )

    for at in (END - SECOND, END, END + DAY):
        trials.sum_up(trial_id=trial.pk, at=at)

    trial.refresh_from_db()
    mail = Message.objects.get(kind="trial_ended")
    desks = [{"desk": "Sport", "stories": 2}, {"desk": "World", "stories": 1}]
    assert trial.summary == {"stories": 3, "people": 1, "uses": 4, "desks": desks}
    assert (trial.summarised_at, mail.to) == (END, seller.email)
    assert ("1 people read 3 stories." in mail.text, "Sport: 2, World: 1" in mail.text) == (True, True)


def test_an_extended_trial_is_announced_by_its_new_end():
    trial = a_trial()
    actions.extend(licence=trial.licence, ends_at=END + 7 * DAY, by=SYSTEM, at=NOON)

    assert [list(trials.ending(at)) == [] for at in (END - DAY, END + 5 * DAY)] == [True, False]
    assert [trials.ended(at).count() for at in (END + DAY, END + 7 * DAY)] == [0, 1]


def test_the_sweep_rings_for_whom_it_must(monkeypatch, django_capture_on_commit_callbacks):
    ending = a_trial()
    over = a_trial(a_lead(organisation="Weekly Zebra", email="w@zebra.example"), days=10)
    a_trial(a_lead(organisation="Monthly Zebra", email="m@zebra.example"), days=30)
    rung = []
    monkeypatch.setattr(clock, "_offset", lambda: None)
    monkeypatch.setattr(tasks, "now", lambda: END - DAY)
    monkeypatch.setattr(tasks, "enqueue", lambda name, **ids: rung.append((name, ids)))

    tasks.sweep_trials()

    assert rung == [
        ("licensing.trial_notice", {"trial_id": ending.pk}),
        ("licensing.trial_summary", {"trial_id": over.pk}),
    ]
    for _ in range(2):
        tasks.trial_notice(trial_id=ending.pk)
        tasks.trial_summary(trial_id=over.pk)
    assert Message.objects.filter(kind__in=["trial_ending", "trial_ended"]).count() == 2
