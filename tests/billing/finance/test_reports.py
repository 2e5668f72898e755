"""Reports over generated books: rows sum to their figure, whatever the documents; figures agree with each other."""

from collections import defaultdict
from datetime import UTC, date, datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsroom.billing.finance import book
from newsroom.billing.finance.months import last_of
from newsroom.billing.finance.reports import ALL, Asked
from newsroom.billing.models import Account, Entry
from tests.billing.finance.books import JANUARY, a_subscription, after_months, billed, documents, kept
from tests.factories import a_user, an_organisation
from tests.licensing.contracts.making import a_contract

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 20, tzinfo=UTC)
ASKED = Asked(date(2026, 1, 1), date(2026, 12, 1), AT)


def wrote(papers, subscription=None) -> Account:
    account = Account.objects.create(user=a_user(), created_at=JANUARY, currency="eur", country="DE")
    rows = [*papers.invoices, *papers.credit_notes, *papers.payments, *papers.refunds, *papers.disputes]
    bills = billed(subscription, 5) if subscription else []
    kept(account, *rows, *bills, *([subscription] if subscription else []))
    book.write(account_id=account.pk, at=AT)
    return account


def figures(name: str, asked: Asked = ASKED) -> dict[tuple[str, str, str], int]:
    return {
        (each.currency, each.group, measure): amount
        for each in ALL[name].figures(asked)
        for measure, amount in each.values.items()
    }


def rows(name: str, asked: Asked = ASKED) -> dict[tuple[str, str, str], int]:
    """The same figures, each summed from its rows."""
    report = ALL[name]
    return {
        key: sum(each.amount for each in report.shown(report.rows(asked, *key), key[2])) for key in figures(name, asked)
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(documents(), min_size=1, max_size=3), st.booleans())
def test_rows_of_every_figure_sum_to_it(found, trial):
    with transaction.atomic():
        for number, papers in enumerate(found):
            facts = {"trial_start": JANUARY} if trial else {}
            wrote(papers, a_subscription(after_months(JANUARY, number), **facts) if number else None)
        for name in sorted(ALL):
            assert (name, rows(name)) == (name, figures(name))
        _agree()
        transaction.set_rollback(True)


def _agree() -> None:
    """Receivables and deferred revenue are what the journal's accounts hold."""
    for name, role, sign in (("receivables", "receivables", 1), ("deferred", "deferred", -1)):
        until = min(last_of(ASKED.last), AT.date()) if name == "receivables" else last_of(ASKED.last)
        held = defaultdict(int)
        for each in Entry.objects.filter(role=role, day__lte=until):
            held[each.currency] += sign * each.amount_minor
        said = defaultdict(int)
        for (currency, group, _measure), amount in figures(name).items():
            if name == "receivables" or group == "2026-12":
                said[currency] += amount
        assert {key: sum_ for key, sum_ in said.items() if sum_} == {key: sum_ for key, sum_ in held.items() if sum_}


def test_a_contract_recurs_by_its_price_lines_and_by_its_country():
    contract = a_contract()
    version = contract.versions.get(recorded_to=None)
    first, until = version.valid_days
    asked = Asked(first.replace(day=1), first.replace(day=1), datetime(until.year, until.month, until.day, tzinfo=UTC))

    stands = figures("by-country", asked)
    moved = figures("recurring", asked)

    priced = sum(
        each.line.price.minor * 12 // {"month": 1, "quarter": 3, "year": 12}[each.line.interval]
        for each in version.agreed
    )
    country, currency = contract.organisation.country, contract.currency
    assert (stands[currency, country, "yearly"], rows("by-country", asked)) == (priced, stands)
    assert moved[currency, f"{first:%Y-%m}", "new"] == moved[currency, f"{first:%Y-%m}", "closing"] > 0


def test_an_organisations_subscription_and_contract_are_one_holder():
    house = an_organisation()
    account = Account.objects.create(organisation=house, created_at=JANUARY, currency="eur", country="DE")
    subscription = a_subscription()
    kept(account, subscription, *billed(subscription, 5))
    book.write(account_id=account.pk, at=AT)

    found = ALL["cohorts"].figures(ASKED)
    moved = ALL["recurring"].rows(ASKED, "eur", "2026-01", "new")

    kept_for = [sum(each.values.values()) for each in found]
    assert ([(each.group, each.currency) for each in found], kept_for) == ([("2026-01", "")], [5])
    assert [(each.holder, each.amount) for each in moved] == [(f"o{house.pk}", 990)]
