"""Closing a month: it does not move again, and what is learned later lands in the open one, saying what it corrects."""

from collections import defaultdict
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings

from newsroom.billing.finance import book, closing
from newsroom.billing.finance.closing import (
    BooksBehind,
    CallsOpen,
    DraftsOpen,
    DriftFound,
    EventsOpen,
    MonthNotOver,
    NotCompared,
    NothingToClose,
    NotInOrder,
)
from newsroom.billing.finance.months import months_between, number_of
from newsroom.billing.models import Account, ClosedMonth, Entry, JournalLine, OutboxCall, Reconcile, Span, StripeEvent
from newsroom.core.models import AuditEntry
from tests.billing.finance.books import (
    DAY,
    JANUARY,
    a_note,
    a_refund,
    a_subscription,
    an_invoice,
    billed,
    documents,
    kept,
    paid,
)
from tests.factories import a_user

pytestmark = pytest.mark.django_db
JAN, FEB, MAR = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
LATER = datetime(2027, 9, 1, tzinfo=UTC)


@pytest.fixture
def account() -> Account:
    return Account.objects.create(user=a_user(), created_at=JANUARY, currency="eur", country="DE")


@pytest.fixture
def compared() -> Reconcile:
    return Reconcile.objects.create(kind="objects", at=LATER, seen_until=LATER, examined=1, repaired=0)


def wrote(account: Account, *papers) -> None:
    kept(account, *papers)
    book.write(account_id=account.pk, at=LATER)


def close(month: date) -> ClosedMonth:
    return closing.close(month=month, note="", by=a_user(), at=LATER)


def lines(month: date) -> list[tuple[int, date, date, str, int, int | None]]:
    found = JournalLine.objects.filter(month_id=number_of(month)).select_related("corrects").order_by("line")
    return [
        (each.line, each.day, each.of_day, each.role, each.amount_minor, each.corrects and each.corrects.line)
        for each in found
    ]


def test_a_closed_month_is_written_with_numbers_and_a_hash(account, compared):
    invoice, payment = paid()
    wrote(account, invoice, payment)

    january, february = close(JAN), close(FEB)

    assert [(each.line, each.code, each.name, each.amount_minor) for each in JournalLine.objects.order_by("line")] == [
        (1, "1200", "Receivables", -990),
        (2, "1360", "Stripe balance", 990),
        (3, "3900", "Deferred revenue", -990),
        (4, "1200", "Receivables", 990),
        (5, "3900", "Deferred revenue", 702),
        (6, "4400", "Revenue", -702),
        (7, "3900", "Deferred revenue", 288),
        (8, "4400", "Revenue", -288),
    ]
    assert (january.lines, january.last_number, february.last_number) == (6, 6, 8)
    assert (february.before, list(closing.proven())) == (january.digest, [(january, True), (february, True)])
    assert AuditEntry.objects.filter(action="finance.month_closed").count() == 2


def test_a_late_refund_lands_in_the_open_month(account, compared):
    invoice, payment = paid()
    wrote(account, invoice, payment)
    close(JAN)
    before = lines(JAN)

    wrote(account, a_refund(payment, JANUARY + 2 * DAY))
    close(FEB)

    assert lines(JAN) == before
    assert lines(FEB)[:2] == [
        (7, FEB, date(2026, 1, 12), "refunds", 990, None),
        (8, FEB, date(2026, 1, 12), "stripe", -990, None),
    ]


def test_what_is_known_otherwise_later_names_the_line_it_corrects(account, compared):
    invoice, payment = paid()
    wrote(account, invoice, payment)
    close(JAN)

    note = a_note(invoice, JANUARY + 5 * DAY, 990, raw={"refunds": [{"amount_refunded": 990}]})
    wrote(account, note)
    close(FEB)

    corrected = [each for each in lines(FEB) if each[5]]
    assert [(each[1], each[2], each[3], each[4], each[5]) for each in corrected] == [
        (FEB, date(2026, 1, 31), "deferred", -702, 5),
        (FEB, date(2026, 1, 31), "revenue", 702, 6),
    ]
    assert sum(each[4] for each in lines(FEB) if each[3] == "revenue") == 702


def test_a_month_with_nothing_is_closed_with_nothing(account, compared):
    wrote(account, an_invoice(lines=[]), *paid())
    for month in (JAN, FEB):
        close(month)

    assert (close(MAR).lines, closing.open_month()) == (0, date(2026, 4, 1))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(documents())
def test_every_day_of_the_journal_sums_to_zero_whatever_came_late(papers):
    with transaction.atomic():
        account = Account.objects.create(user=a_user(), created_at=JANUARY)
        Reconcile.objects.create(kind="objects", at=LATER, seen_until=LATER, examined=1, repaired=0)
        papers.invoices[0].status, known = papers.invoices[0].status, papers.invoices[:1]
        wrote(account, *(each for each in known if each.status != "draft"))
        first = closing.open_month()
        if first is not None:
            close(first)
        late = [*papers.invoices, *papers.credit_notes, *papers.payments, *papers.refunds, *papers.disputes]
        wrote(account, *(each for each in late if getattr(each, "status", "") != "draft"))
        months = months_between(closing.open_month() or JAN, date(2027, 7, 1)) if Entry.objects.exists() else []
        for month in months:
            close(month)
        _holds()
        transaction.set_rollback(True)


def _holds() -> None:
    """Each day is balanced in each currency, all lines sum to the book, and the hashes hold."""
    days, written, known = defaultdict(int), defaultdict(int), defaultdict(int)
    for each in JournalLine.objects.all():
        days[each.day, each.currency] += each.amount_minor
        written[each.role, each.currency] += each.amount_minor
    for each in Entry.objects.filter(day__lt=date(2027, 8, 1)):
        known[each.role, each.currency] += each.amount_minor
    assert set(days.values()) <= {0}
    assert {key: sum_ for key, sum_ in written.items() if sum_} == {key: sum_ for key, sum_ in known.items() if sum_}
    assert all(proven for _month, proven in closing.proven())
    assert list(JournalLine.objects.order_by("line").values_list("line", flat=True)) == list(
        range(1, JournalLine.objects.count() + 1)
    )


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE billing_journalline SET amount_minor = amount_minor + 1",
        "DELETE FROM billing_journalline",
        "UPDATE billing_closedmonth SET note = 'x'",
        "DELETE FROM billing_closedmonth",
        "INSERT INTO billing_journalline (month_id, line, day, of_day, account_id, happening, role, code, name,"
        " currency, amount_minor, paper, number) SELECT month_id, 99, day, of_day, account_id, happening, role, code,"
        " name, currency, amount_minor, paper, number FROM billing_journalline LIMIT 1",
    ],
)
def test_the_database_lets_no_closed_month_move(account, compared, deed):
    wrote(account, *paid())
    close(JAN)

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(deed)


def test_a_hash_that_does_not_hold_is_seen(account, compared):
    wrote(account, *paid())
    january = close(JAN)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = 'replica'")  # no trigger fires
        cursor.execute("UPDATE billing_journalline SET amount_minor = 991 WHERE line = 2")
        cursor.execute("SET LOCAL session_replication_role = 'origin'")

    assert list(closing.proven()) == [(january, False)]


def test_what_stands_in_the_way_is_named(account, compared):
    with pytest.raises(NothingToClose):
        close(JAN)
    wrote(account, *paid())
    with pytest.raises(NotInOrder):
        close(FEB)
    with pytest.raises(MonthNotOver):
        closing.close(month=JAN, note="", by=a_user(), at=JANUARY)

    event = StripeEvent.objects.create(
        event_id="evt_1", kind="x", payload="{}", via="webhook", state="dead", next_attempt_at=LATER, received_at=LATER
    )
    with pytest.raises(EventsOpen):
        close(JAN)
    StripeEvent.objects.filter(pk=event.pk).update(state="done")

    call = OutboxCall.objects.create(operation="x", params={}, digest="d", next_attempt_at=LATER, created_at=LATER)
    with pytest.raises(CallsOpen):
        close(JAN)
    OutboxCall.objects.filter(pk=call.pk).update(state="done")

    Reconcile.objects.filter(pk=compared.pk).update(repaired=1)
    with pytest.raises(DriftFound):
        close(JAN)
    Reconcile.objects.filter(pk=compared.pk).update(repaired=0, at=JANUARY)
    with pytest.raises(NotCompared):
        close(JAN)
    Reconcile.objects.filter(pk=compared.pk).update(at=LATER)

    draft = an_invoice(status="draft", finalised_at=None)
    wrote(account, draft)
    with pytest.raises(DraftsOpen):
        close(JAN)
    draft.status = "void"
    draft.save()

    Account.objects.filter(pk=account.pk).update(version=99)
    with pytest.raises(BooksBehind):
        close(JAN)
    book.write(account_id=account.pk, at=LATER)
    close(JAN)
    with pytest.raises(NotInOrder):
        close(JAN)


def test_a_book_written_twice_says_the_same_and_keeps_its_rows(account):
    subscription = a_subscription()
    invoices = billed(subscription, 2)
    wrote(account, subscription, *invoices)
    once = [*Entry.objects.order_by("pk").values_list("pk"), *Span.objects.order_by("pk").values_list("pk")]

    changed = book.write(account_id=account.pk, at=LATER)

    assert not changed
    assert [*Entry.objects.order_by("pk").values_list("pk"), *Span.objects.order_by("pk").values_list("pk")] == once


def test_a_book_is_behind_until_it_is_written(account):
    kept(account, *paid())
    behind = [each.pk for each in book.behind()]
    book.write(account_id=account.pk, at=LATER)

    assert (behind, list(book.behind())) == ([account.pk], [])


def test_documents_that_come_in_another_order_make_the_same_book(account):
    other = Account.objects.create(user=a_user(), created_at=JANUARY, currency="eur", country="DE")
    for late, whose in ((False, account), (True, other)):
        invoice, payment = paid(stripe_id=f"in_{late}")
        note = a_note(invoice, JANUARY + 5 * DAY, 100, raw={"refunds": [{"amount_refunded": 100}]})
        papers = [invoice, payment, note, a_refund(payment, JANUARY + 5 * DAY, 100)]
        for each in reversed(papers) if late else papers:
            wrote(whose, each)

    said = [
        list(whose.entries.order_by("day", "happening", "role").values_list("day", "happening", "role", "amount_minor"))
        for whose in (account, other)
    ]
    assert said[0] == said[1]
