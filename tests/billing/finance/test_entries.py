"""The entries of an account's documents: double entry, to the minor unit, in every currency."""

from collections import defaultdict
from datetime import date
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsroom.billing import revenue
from newsroom.billing.finance.entries import Documents, balance, entries_of
from newsroom.billing.finance.taxes import taxed
from newsroom.billing.models import Purchase
from tests.billing.finance.books import (
    DAY,
    JANUARY,
    a_dispute,
    a_line,
    a_note,
    a_payment,
    a_refund,
    after_months,
    an_invoice,
    documents,
    name,
    paid,
)

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def said(papers: Documents) -> list[tuple[date, str, str, int]]:
    return [(each.day, each.happening, each.role, each.amount) for each in entries_of(papers)]


@UNHURRIED
@given(documents())
def test_every_happening_sums_to_zero_on_its_day_in_each_currency(papers):
    sums = defaultdict(int)
    for each in entries_of(papers):
        sums[each.day, each.happening, each.paper, each.currency] += each.amount

    assert set(sums.values()) <= {0}


@UNHURRIED
@given(documents())
def test_receivables_are_what_open_invoices_ask_for(papers):
    owed = defaultdict(int)
    for each in papers.invoices:
        if each.status == "open":
            owed[each.currency] += each.remaining_minor
    held = {
        currency: amount for (role, currency), amount in balance(entries_of(papers)).items() if role == "receivables"
    }

    assert {currency: amount for currency, amount in held.items() if amount} == {
        currency: amount for currency, amount in owed.items() if amount
    }


@UNHURRIED
@given(documents())
def test_nothing_stays_deferred_for_ever(papers):
    left = {key: amount for key, amount in balance(entries_of(papers)).items() if key[0] == "deferred"}

    assert set(left.values()) <= {0}


@UNHURRIED
@given(documents())
def test_tax_owed_is_what_the_documents_say(papers):
    sums = defaultdict(int)
    for each in taxed(papers, "DE"):
        sums[each.currency] -= each.tax
    held = {currency: amount for (role, currency), amount in balance(entries_of(papers)).items() if role == "tax"}

    assert {key: amount for key, amount in held.items() if amount} == {
        key: amount for key, amount in sums.items() if amount
    }


@UNHURRIED
@given(documents(), st.randoms(use_true_random=False))
def test_the_order_in_which_documents_came_changes_nothing(papers, chance: Random):
    once = entries_of(papers)
    for each in (papers.invoices, papers.credit_notes, papers.payments, papers.refunds, papers.disputes):
        chance.shuffle(each)

    assert entries_of(papers) == once


def test_a_paid_month_is_deferred_and_earned_by_days():
    invoice, payment = paid()

    assert said(Documents(invoices=[invoice], payments=[payment])) == [
        (date(2026, 1, 10), "payment", "receivables", -990),
        (date(2026, 1, 10), "payment", "stripe", 990),
        (date(2026, 1, 10), "invoice", "deferred", -990),
        (date(2026, 1, 10), "invoice", "receivables", 990),
        (date(2026, 1, 31), "recognition", "deferred", 702),
        (date(2026, 1, 31), "recognition", "revenue", -702),
        (date(2026, 2, 28), "recognition", "deferred", 288),
        (date(2026, 2, 28), "recognition", "revenue", -288),
    ]


def test_a_tax_within_the_price_is_no_revenue():
    line = a_line(JANUARY, JANUARY, 1190, tax=190, inclusive=True)

    assert said(Documents(invoices=[an_invoice(lines=[line])])) == [
        (date(2026, 1, 10), "invoice", "receivables", 1190),
        (date(2026, 1, 10), "invoice", "revenue", -1000),
        (date(2026, 1, 10), "invoice", "tax", -190),
    ]


def test_a_credit_note_takes_first_what_is_not_earned_yet():
    invoice, payment = paid()
    note = a_note(invoice, JANUARY + 25 * DAY, 500, raw={"refunds": [{"amount_refunded": 500}]})
    refund = a_refund(payment, JANUARY + 25 * DAY, 500)
    found = said(Documents([invoice], [note], [payment], [refund]))

    assert [each for each in found if each[0] > date(2026, 1, 31)] == [
        (date(2026, 2, 4), "credit_note", "deferred", 288),
        (date(2026, 2, 4), "credit_note", "refunds", -500),
        (date(2026, 2, 4), "credit_note", "revenue", 212),
        (date(2026, 2, 4), "refund", "refunds", 500),
        (date(2026, 2, 4), "refund", "stripe", -500),
    ]


def test_a_dispute_that_is_won_comes_back_when_stripe_gives_it_back():
    _invoice, payment = paid()
    back = int((JANUARY + 40 * DAY).timestamp())
    raw = {"balance_transactions": [{"amount": -990, "created": 1}, {"amount": 990, "created": back}]}
    dispute = a_dispute(payment, JANUARY + DAY, "won", raw=raw)

    assert said(Documents(disputes=[dispute])) == [
        (date(2026, 1, 11), "dispute", "disputes", 990),
        (date(2026, 1, 11), "dispute", "stripe", -990),
        (date(2026, 2, 19), "dispute_won", "disputes", -990),
        (date(2026, 2, 19), "dispute_won", "stripe", 990),
    ]


def test_what_is_bought_once_without_an_invoice_is_revenue_when_it_is_paid():
    payment = a_payment(None, JANUARY, 1200)
    purchase = Purchase(
        stripe_id=name("cs"),
        kind="story",
        intent_ref=payment.intent_ref,
        currency="eur",
        amount_minor=1200,
        raw={"total_details": {"amount_tax": 200}},
    )

    assert said(Documents(payments=[payment], purchases=[purchase])) == [
        (date(2026, 1, 10), "purchase", "revenue", -1000),
        (date(2026, 1, 10), "purchase", "stripe", 1200),
        (date(2026, 1, 10), "purchase", "tax", -200),
    ]


def test_money_for_which_we_know_no_document_is_the_customers():
    assert said(Documents(payments=[a_payment(None, JANUARY)])) == [
        (date(2026, 1, 10), "payment", "credit", -990),
        (date(2026, 1, 10), "payment", "stripe", 990),
    ]


def test_an_invoice_paid_past_stripe_came_by_bank():
    invoice = an_invoice(status="paid", paid_at=JANUARY + 5 * DAY, remaining_minor=0)
    found = said(Documents(invoices=[invoice]))

    assert [each for each in found if each[1] == "transfer"] == [
        (date(2026, 1, 15), "transfer", "bank", 990),
        (date(2026, 1, 15), "transfer", "receivables", -990),
    ]


def test_the_months_of_a_year_sum_to_it():
    line = a_line(JANUARY, after_months(JANUARY, 12), 10_000)
    found = said(Documents(invoices=[an_invoice(lines=[line])]))
    earned = [amount for _day, _why, role, amount in found if role == "revenue"]

    assert (len(earned), sum(earned), revenue.net(line)) == (13, -10_000, 10_000)
