"""What somebody may ask about their own data: a copy, and that it goes."""

import csv
import io
import json
import zipfile
from datetime import UTC, datetime

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.test import Client

from newsroom.accounts.models import FormerName, Membership, User
from newsroom.accounts.readers import reader_of
from newsroom.billing.models import Account, Invoice
from newsroom.core import audit, mail
from newsroom.core.audit import SYSTEM
from newsroom.core.models import AuditEntry
from newsroom.licensing import evidence
from newsroom.licensing.erasure import known, persons, places
from newsroom.licensing.erasure.persons import CannotErase, NotOpen
from newsroom.licensing.evidence import Asked
from newsroom.licensing.models import LicenceVersion, PersonRequest, Seat, Usage
from newsroom.licensing.rules import Limits, Source
from newsroom.licensing.usage_reports import usage
from newsroom.licensing.usage_reports.periods import last_days
from tests.factories import DAY, NOON, a_licence, a_member, a_release, a_user, an_organisation, staff_of
from tests.licensing.erasure.everywhere import files_with, tables_with
from tests.licensing.ledgers import a_use

pytestmark = pytest.mark.django_db
NAME, ADDRESS = "Zqada Zqreader", "zqada@zqmail.example"
LATER = NOON + persons.GRACE


def erased(user: User, at=LATER) -> PersonRequest:
    request = persons.ask(user=user, kind="erasure", by=user.actor, at=NOON)
    persons.accept(request=request, by=SYSTEM, at=NOON)
    return persons.run(request_id=request.pk, at=at)


def a_known_person() -> User:
    """Somebody who left traces in every room."""
    user = a_user(ADDRESS, name="Zqada Before")
    user.name = NAME
    user.save()
    paper = an_organisation()
    a_member(paper, user)
    EmailAddress.objects.create(user=user, email=ADDRESS.upper(), verified=True, primary=True)
    Authenticator.objects.create(user=user, type="totp", data={"secret": f"JBSWY3DP {NAME}"})
    client = Client(headers={"user-agent": f"Browser of {NAME}"})
    client.force_login(user)
    UserSession.objects.create(
        user=user, ip="192.0.2.1", session_key=client.session.session_key, user_agent=NAME, data={"who": ADDRESS}
    )
    mail.post(
        key=f"welcome:{ADDRESS}", to=ADDRESS, kind="account_unknown_account", locale="en",
        context={"signup_url": "/", "email": ADDRESS}, at=NOON,
    )  # fmt: skip
    audit.record("seat.given", by=user.actor, of=user, at=NOON, why=f"{NAME} asked", facts={"to": ADDRESS, "n": [NAME]})
    audit.record("mail.bounced", by=SYSTEM, of=paper, at=NOON, why=f"Write to <{ADDRESS.title()}>, that is {NAME}.")
    licence = a_licence(paper, limits=Limits(seats=3), ends_at=None)
    Seat.objects.create(licence=licence, user=user, number=1, valid_from=NOON - DAY)
    a_licence(user, why=f"For {NAME}", clause=f"{NAME} may read.")
    for days in range(3):
        a_use(licence, a_release(NOON - 5 * DAY), NOON - days * DAY, user=user)
    account = Account.objects.create(user=user, created_at=NOON, stripe_customer_id="cus_1")
    Invoice.objects.create(
        account=account, stripe_id="in_1", status="paid", total_minor=1, currency="eur", period_start=NOON,
        period_end=NOON, created_at=NOON, raw={"customer_email": ADDRESS, "customer_name": NAME},
    )  # fmt: skip
    return user


def test_after_an_erasure_the_person_is_nowhere_but_where_the_law_keeps_them():
    user = a_known_person()
    before = {place.partition(".")[0] for place in tables_with("zqada")}
    assert {"accounts_user", "accounts_formername", "core_message", "core_auditentry", "account_emailaddress",
            "usersessions_usersession", "licensing_licenceversion", "mfa_authenticator"} <= before  # fmt: skip

    request = erased(user)

    assert request.state == "done"
    for words in ("zqada", "zqreader", "zqmail"):
        assert {place.partition(".")[0] for place in tables_with(words)} - set(places.KEPT_BY_LAW) == set()
        assert files_with(words.encode()) == set()
    assert {place.partition(".")[0] for place in tables_with(ADDRESS)} == {"billing_invoice"}
    assert request.kept["billing_invoice"] == "invoices: commercial and tax law"


def test_the_person_is_a_pseudonym_and_cannot_sign_in():
    user = a_known_person()

    erased(user)

    user.refresh_from_db()
    assert (user.name, user.email, user.is_active) == (
        f"Erased person {user.pk}",
        f"erased-{user.pk}@erased.invalid",
        False,
    )
    assert not user.has_usable_password()
    assert reader_of(user, LATER).anonymous
    assert not Session.objects.exists()
    assert not FormerName.objects.exists()


def test_counts_quotas_and_evidence_stay_what_they_were():
    user = a_known_person()
    days = usage.Asked(last_days(30, NOON, UTC))
    licence = Usage.objects.first().licence
    question = Asked(organisation=licence.organisation)

    def told():
        figures = [
            (each.key, each.uses, each.stories) for each in usage.figures("person", usage.counts(days, "person"))
        ]
        rows = [row[:7] + row[9:] for row in evidence.rows(question, NOON)]  # but for the person's name
        return figures, [(row[5], row[0], row[1]) for row in evidence.rows(question, NOON)], len(rows)

    before = told()
    erased(user)

    assert told() == before


def test_rights_end_with_the_person():
    user = a_known_person()

    erased(user)

    assert not Membership.objects.valid(LATER).filter(user=user).exists()
    assert not Seat.objects.valid(LATER).filter(user=user).exists()
    assert not LicenceVersion.objects.in_force(LATER).filter(licence__user=user).exists()


def test_others_keep_their_names():
    user = a_known_person()
    twin = a_user("zqother@example.com", name=NAME)
    longer = a_user(f"x{ADDRESS}", name=f"{NAME}son")
    line = audit.record("seat.given", by=twin.actor, of=twin, at=NOON, why=f"{NAME} again", facts={"to": twin.email})

    erased(user)

    for each in (twin, longer, line):
        before = (getattr(each, "name", ""), getattr(each, "email", ""), getattr(each, "why", ""))
        each.refresh_from_db()
        assert (getattr(each, "name", ""), getattr(each, "email", ""), getattr(each, "why", "")) == before
    assert AuditEntry.objects.get(pk=line.pk).actor_label == NAME


@pytest.mark.parametrize("name", ['O\'Brien "Q" (x.*)', "Åsa Ünal", "عادل", "back\\slash", "a", "%_%"])
def test_strange_names_go_as_well(name):
    user = a_user(ADDRESS, name=name)
    audit.record("x.done", by=user.actor, of=user, at=NOON, why=f"by {name}.", facts={"said": f"{name}, twice: {name}"})

    erased(user)

    line, new = AuditEntry.objects.get(action="x.done"), f"Erased person {user.pk}"
    assert (line.why, line.facts, line.actor_label) == (f"by {new}.", {"said": f"{new}, twice: {new}"}, new)


def test_nothing_happens_before_the_grace_period_is_over_and_it_can_be_taken_back():
    user = a_known_person()

    request = erased(user, at=LATER - DAY)
    persons.withdraw(request=request, by=user.actor, at=LATER - DAY)
    after = persons.run(request_id=request.pk, at=LATER + DAY)

    user.refresh_from_db()
    assert (after.state, user.name, user.email) == ("withdrawn", NAME, ADDRESS)


def test_an_erasure_that_runs_twice_runs_once():
    user = a_known_person()
    request = erased(user)

    persons.run(request_id=request.pk, at=LATER + DAY)

    assert AuditEntry.objects.filter(action="person.erased").count() == 1


def test_a_request_is_due_within_a_month():
    asked = [
        datetime(2026, 1, 31, 12, tzinfo=UTC),
        datetime(2024, 1, 30, tzinfo=UTC),
        datetime(2026, 12, 5, tzinfo=UTC),
    ]

    assert [persons.month_after(at).date().isoformat() for at in asked] == ["2026-02-28", "2024-02-29", "2027-01-05"]


def test_asking_again_answers_the_open_request():
    user = a_user()

    first, again = (persons.ask(user=user, kind="export", by=user.actor, at=NOON + n * DAY) for n in range(2))

    assert (again.pk, again.due_at) == (first.pk, persons.month_after(NOON))


def only_owner() -> User:
    return a_member(an_organisation("Daily"), role="owner")


def with_a_plan() -> User:
    return a_licence(a_user(), source=Source.PLAN).user


@pytest.mark.parametrize(
    ("who", "words"), [(staff_of, "works here"), (only_owner, "only owner of Daily"), (with_a_plan, "cancel it first")]
)
def test_what_must_be_settled_first_is_named(who, words):
    user = who()
    request = persons.ask(user=user, kind="erasure", by=user.actor, at=NOON)

    with pytest.raises(CannotErase, match=words):
        persons.accept(request=request, by=SYSTEM, at=NOON)


def test_what_came_up_during_the_grace_period_refuses_and_erases_nothing():
    user = a_user(name=NAME)
    request = persons.ask(user=user, kind="erasure", by=user.actor, at=NOON)
    persons.accept(request=request, by=SYSTEM, at=NOON)
    a_licence(user, source=Source.PLAN, ends_at=None)

    after = persons.run(request_id=request.pk, at=LATER)

    user.refresh_from_db()
    assert (after.state, user.name) == ("refused", NAME)


def test_a_settled_request_is_not_settled_again():
    user = a_user()
    request = persons.ask(user=user, kind="erasure", by=user.actor, at=NOON)
    persons.refuse(request=request, by=SYSTEM, at=NOON, why="A dispute runs.")

    with pytest.raises(NotOpen):
        persons.accept(request=request, by=SYSTEM, at=NOON)


def test_a_copy_holds_what_is_known_and_nothing_to_sign_in_with():
    user = a_known_person()

    with zipfile.ZipFile(io.BytesIO(known.archive(user))) as file:
        held = json.loads(file.read("data.json"))
        uses = list(csv.DictReader(io.StringIO(file.read("licensing_usage.csv").decode("utf-8-sig"))))
        everything = b"".join(file.read(name) for name in file.namelist()).decode()

    assert held["accounts_user"][0]["email"] == ADDRESS
    assert {"accounts_membership", "licensing_usage", "licensing_seat", "core_message", "billing_account"} <= set(held)
    assert len(uses) == 3
    assert not any(word in everything for word in ("JBSWY3DP", user.password, "session_key"))


def test_a_link_to_a_copy_is_ours_fresh_and_for_an_export():
    user = a_user()
    export = persons.ask(user=user, kind="export", by=user.actor, at=NOON)
    erasure = persons.ask(user=user, kind="erasure", by=user.actor, at=NOON)

    found = [known.request_of(each) for each in (known.token_of(export), known.token_of(erasure), "1:x:y", "")]

    assert found == [export, None, None, None]


def test_the_append_only_tables_stay_closed_to_everybody_else():
    a_known_person()

    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        AuditEntry.objects.update(actor_label="x")
