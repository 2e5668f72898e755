"""Writing a quote, approving its discount, and freezing what was sent."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from newsroom.core.audit import SYSTEM
from newsroom.core.models import AuditEntry, Message
from newsroom.core.money import Money
from newsroom.licensing.documents.verify import Standing, look_up
from newsroom.licensing.models import Document, Quote, QuoteLine
from newsroom.licensing.rules import Limits, Quota, SeatKind
from newsroom.licensing.selling import approval, quotes, sending
from newsroom.licensing.selling.errors import BadOffer, FourEyes, NotNow, QuoteFrozen
from newsroom.licensing.terms import BadTerms
from tests.factories import DAY, NOON, an_organisation
from tests.licensing.selling.world import (
    VALID_UNTIL,
    a_line,
    a_quote,
    a_seller,
    a_sent_quote,
    an_approver,
    sent,
    terms,
    with_line,
)

pytestmark = pytest.mark.django_db
EVERY_LIMIT = Limits(
    channels=frozenset({"web", "print"}),
    territories=frozenset({"TR", "GR"}),
    formats=frozenset({"ninjs"}),
    delay=timedelta(minutes=30),
    archive=timedelta(days=30),
    rendition=2,
    under_embargo=True,
    seats=5,
    seat_kind=SeatKind.FLOATING,
    quotas=(Quota("publish", 100, "month", False, Money(300, "eur")), Quota("read", 10, "day", True)),
    clauses={"seats": "Five at a time."},
)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"customer": " "}, "customer"),
        ({"country": "XX"}, "country"),
        ({"currency": "xxx"}, "currency"),
        ({"valid_until": NOON}, "valid_until"),
        ({"term_months": 0}, "term_months"),
        ({"term_months": 121}, "term_months"),
        ({"billing_interval": "week"}, "billing_interval"),
        ({"payment_days": -1}, "payment_days"),
        ({"notice_days": -1}, "notice_days"),
        ({"notice_days": 40, "term_months": 1}, "notice_days"),
        ({"indexation": "whim"}, "indexation"),
        ({"indexation_rate": 2501}, "indexation_rate"),
        ({"indexation_rate": -1}, "indexation_rate"),
        ({"indexation": "cpi"}, "indexation_rate"),
    ],
)
def test_terms_that_no_quote_can_have_are_named(facts, field):
    with pytest.raises(BadOffer) as refusal:
        a_quote(**facts)

    assert (refusal.value.field, Quote.objects.count()) == (field, 0)


def test_a_quote_is_for_a_lead_or_an_organisation():
    seller = a_seller()
    values = {"manager": seller, "content": terms(), "by": seller.actor, "at": NOON}

    with pytest.raises(BadOffer) as refusal:
        quotes.draft(lead=None, organisation=None, **values)

    assert refusal.value.field == "organisation"
    assert quotes.draft(lead=None, organisation=an_organisation(), **values).pk


@pytest.mark.parametrize(
    ("facts", "kind", "field"),
    [
        ({"title": " "}, BadOffer, "title"),
        ({"price": Money(-1, "eur")}, BadOffer, "price"),
        ({"price": Money(10**14, "eur")}, BadOffer, "price"),
        ({"price": Money(1, "usd")}, BadOffer, "price"),
        ({"interval": "week"}, BadOffer, "interval"),
        ({"products": ("gone",)}, BadOffer, "products"),
        ({"limits": Limits(quotas=(Quota("read", 1, overage=Money(1, "usd")),))}, BadOffer, "quotas"),
        ({"limits": Limits(quotas=(Quota("read", 0),))}, BadTerms, "quotas"),
        ({"limits": Limits(quotas=(Quota("read", -5),))}, BadTerms, "quotas"),
        ({"limits": Limits(territories=frozenset({"XX"}))}, BadTerms, "territories"),
        ({"limits": Limits(seats=0)}, BadTerms, "seats"),
        ({"limits": Limits(archive=timedelta(0))}, BadTerms, "archive"),
        ({"uses": ()}, BadTerms, "uses"),
        ({"clause": " "}, BadTerms, "clause"),
    ],
)
def test_a_line_that_could_not_become_a_licence_is_named(facts, kind, field):
    quote = a_quote()

    with pytest.raises(kind) as refusal:
        with_line(quote, a_line(**facts), listed=10**15)

    assert (refusal.value.field, QuoteLine.objects.count()) == (field, 0)


def test_a_line_keeps_every_limit():
    quote = a_quote()
    line = a_line(limits=EVERY_LIMIT)

    with_line(quote, line)

    assert quote.lines == (line,)


def test_a_line_is_changed_and_removed_and_the_quote_is_a_draft_again():
    seller = a_seller()
    quote = a_quote(seller)
    row = with_line(quote)
    approval.submit(quote=quote, seller=seller, at=NOON)

    basis = Money(1_000_000, "eur")
    cheaper = replace(a_line(), price=Money(900_000, "eur"))
    quotes.change_line(row=row, line=cheaper, priced=None, listed=basis, by=SYSTEM, at=NOON)
    quote.refresh_from_db()
    assert (quote.state, quote.submitted_by, quote.lines[0].discount) == (Quote.State.DRAFT, None, 1000)

    quotes.remove_line(row=row, by=SYSTEM, at=NOON)
    assert quote.lines == ()


def test_a_list_price_set_by_hand_hides_no_discount_from_the_card():
    quote = a_quote()
    card = quotes.Priced(Money(1_000_000, "eur"), (7,))
    line = a_line(minor=500_000)

    row = quotes.add_line(quote=quote, line=line, priced=card, listed=Money(500_000, "eur"), by=SYSTEM, at=NOON)

    assert (row.line.discount, row.list_minor, row.from_card) == (5000, 1_000_000, [7])


def test_the_currency_stays_once_there_are_lines():
    quote = a_quote()
    with_line(quote)

    with pytest.raises(BadOffer) as refusal:
        quotes.set_terms(quote=quote, content=terms(currency="usd"), by=SYSTEM, at=NOON)

    assert refusal.value.field == "currency"


def test_a_quote_without_lines_is_not_submitted():
    seller = a_seller()

    with pytest.raises(BadOffer) as refusal:
        approval.submit(quote=a_quote(seller), seller=seller, at=NOON)

    assert refusal.value.field == "lines"


@pytest.mark.parametrize(("minor", "state"), [(85_000, "approved"), (84_999, "waiting")])
def test_a_discount_above_the_limit_waits_for_another_person(minor, state):
    seller, _approver = a_seller(), an_approver()
    quote = a_quote(seller)
    with_line(quote, a_line(minor=minor), listed=100_000)

    quote = approval.submit(quote=quote, seller=seller, at=NOON)

    assert (quote.state, Message.objects.filter(kind="quote_waiting").count()) == (state, state == "waiting")


def test_a_price_that_stands_on_no_card_waits_too():
    seller = a_seller()
    quote = a_quote(seller)
    quotes.add_line(quote=quote, line=a_line(), priced=None, listed=Money(1_200_000, "eur"), by=SYSTEM, at=NOON)

    assert approval.submit(quote=quote, seller=seller, at=NOON).state == Quote.State.WAITING
    assert [(need.title, need.by_hand) for need in approval.needs(list(quote.rows.all()))] == [("Sport wire", True)]


def waiting(seller):
    quote = a_quote(seller)
    with_line(quote, a_line(minor=1), listed=100)
    return approval.submit(quote=quote, seller=seller, at=NOON)


def test_nobody_approves_what_they_submitted_and_nobody_without_the_right():
    approver, seller = an_approver(), a_seller()
    own = waiting(approver)

    for person in (approver, seller):
        with pytest.raises(FourEyes):
            approval.approve(quote=own, approver=person, at=NOON)
    with pytest.raises(DatabaseError, match="quote_approved_by_another"), transaction.atomic():
        Quote.objects.filter(pk=own.pk).update(approved_by=approver)

    approval.approve(quote=own, approver=an_approver(), at=NOON)
    own.refresh_from_db()
    assert (own.state, own.approved_at) == (Quote.State.APPROVED, NOON)
    with pytest.raises(NotNow):
        approval.approve(quote=own, approver=an_approver(), at=NOON)


def test_a_quote_is_sent_back_with_a_reason():
    quote, approver = waiting(a_seller()), an_approver()

    with pytest.raises(BadOffer):
        approval.send_back(quote=quote, approver=approver, why=" ", at=NOON)
    approval.send_back(quote=quote, approver=approver, why="Too cheap.", at=NOON)

    quote.refresh_from_db()
    assert (quote.state, AuditEntry.objects.get(action="quote.sent_back").why) == (Quote.State.DRAFT, "Too cheap.")


def test_a_draft_is_not_sent_and_an_expired_offer_neither():
    seller = a_seller()
    quote = a_quote(seller)
    with_line(quote)
    with pytest.raises(NotNow):
        sending.send(quote=quote, by=SYSTEM, at=NOON)
    approval.submit(quote=quote, seller=seller, at=NOON)
    with pytest.raises(BadOffer) as refusal:
        sending.send(quote=quote, by=SYSTEM, at=VALID_UNTIL)

    assert (refusal.value.field, Document.objects.count()) == ("valid_until", 0)


def test_sending_issues_the_document_and_mails_the_link_whose_token_is_kept_nowhere():
    quote, token = a_sent_quote()

    message = Message.objects.get(kind="quote_sent")
    assert (quote.state, quote.document.number, quote.lead.state) == ("sent", "Q-2026-00001", "quoted")
    assert (message.to, len(token) >= 22) == ("zeynep@zebra.example", True)
    assert quote.token_digest == sending.digest_of(token) != token
    assert "€12,000.00" in str(quote.document.data)


def test_what_was_sent_is_not_edited_by_any_deed():
    quote, _token = a_sent_quote()
    row = quote.rows.get()

    for deed in (
        lambda: quotes.set_terms(quote=quote, content=terms(), by=SYSTEM, at=NOON),
        lambda: quotes.remove_line(row=row, by=SYSTEM, at=NOON),
        lambda: with_line(quote),
        lambda: quotes.change_line(row=row, line=a_line(), priced=None, listed=Money(1, "eur"), by=SYSTEM, at=NOON),
    ):
        with pytest.raises(QuoteFrozen, match="new revision"):
            deed()


@pytest.mark.parametrize("state", ["sent", "accepted"])
@pytest.mark.parametrize(
    "edit",
    [
        lambda quote: Quote.objects.filter(pk=quote.pk).update(term_months=1),
        lambda quote: Quote.objects.filter(pk=quote.pk).update(document=None, sent_at=None, state="draft"),
        lambda quote: Quote.objects.filter(pk=quote.pk).delete(),
        lambda quote: quote.rows.update(list_minor=1),
        lambda quote: quote.rows.all().delete(),
        lambda quote: QuoteLine.objects.create(quote=quote, position=9, content={}, list_minor=1),
    ],
)
def test_nor_by_the_database(state, edit):
    quote, _token = a_sent_quote()
    Quote.objects.filter(pk=quote.pk).update(state=state)

    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        edit(quote)


def test_the_state_of_an_accepted_quote_stays():
    quote, _token = a_sent_quote()
    Quote.objects.filter(pk=quote.pk).update(state="accepted")

    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        Quote.objects.filter(pk=quote.pk).update(state="sent")


def test_a_new_revision_takes_the_place_of_the_one_before_when_it_is_sent():
    seller = a_seller()
    first, _token = a_sent_quote(seller)
    second = quotes.revise(quote=first, valid_until=VALID_UNTIL, by=SYSTEM, at=NOON)
    first.refresh_from_db()
    assert (first.state, second.revision, second.lines) == ("sent", 2, first.lines)
    with pytest.raises(NotNow, match="newer revision"):
        quotes.revise(quote=first, valid_until=VALID_UNTIL, by=SYSTEM, at=NOON)

    second, _token = sent(approval.submit(quote=second, seller=seller, at=NOON), seller)

    first.refresh_from_db()
    told = look_up(asked=first.document.number, at=NOON + DAY)
    assert (first.state, told.standing, told.successor) == ("superseded", Standing.SUPERSEDED, second.document.number)


def test_what_the_customer_accepted_is_not_superseded():
    seller = a_seller()
    first, _token = a_sent_quote(seller)
    second = quotes.revise(quote=first, valid_until=VALID_UNTIL, by=SYSTEM, at=NOON)
    approval.submit(quote=second, seller=seller, at=NOON)
    Quote.objects.filter(pk=first.pk).update(state="accepted")

    with pytest.raises(NotNow, match="accepted"):
        sending.send(quote=second, by=SYSTEM, at=NOON)
    with pytest.raises(NotNow):
        quotes.revise(quote=first, valid_until=VALID_UNTIL, by=SYSTEM, at=NOON)


def test_a_withdrawn_quote_is_over_and_its_document_revoked():
    quote, _token = a_sent_quote()

    with pytest.raises(BadOffer):
        sending.withdraw(quote=quote, why="", by=SYSTEM, at=NOON)
    sending.withdraw(quote=quote, why="A slip.", by=SYSTEM, at=NOON)

    quote.refresh_from_db()
    assert (quote.state, look_up(asked="Q-2026-00001", at=NOON).standing) == ("withdrawn", Standing.REVOKED)
    with pytest.raises(NotNow):
        sending.withdraw(quote=quote, why="Again.", by=SYSTEM, at=NOON)


def test_a_sent_quote_expires_by_the_clock():
    quote, _token = a_sent_quote()
    second = timedelta(seconds=1)

    assert [quote.state_at(at) for at in (VALID_UNTIL - second, VALID_UNTIL)] == ["sent", "expired"]
