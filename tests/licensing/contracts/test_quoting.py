"""An accepted quote becomes a contract: once, and also when nobody heard of it."""

from datetime import date

import pytest

from newsroom.accounts.models import Membership, Organisation
from newsroom.licensing.contracts import actions
from newsroom.licensing.contracts.actions.quoting import terms_of
from newsroom.licensing.contracts.tasks import activate_quote, contracts_due
from newsroom.licensing.contracts.terms import Terms
from newsroom.licensing.models import Contract, Document
from newsroom.licensing.models.quote import Terms as Offered
from newsroom.licensing.signals import quote_accepted
from tests.factories import HOUR, NOON, an_organisation
from tests.licensing.contracts.making import kinds, now_says
from tests.licensing.selling.test_answering import accept
from tests.licensing.selling.world import a_sent_quote

pytestmark = pytest.mark.django_db
LATER = NOON + 2 * HOUR


def test_an_accepted_quote_is_a_contract_with_its_lines_terms_and_manager():
    quote, token = a_sent_quote()
    accept(quote, token)

    contract = actions.activate_quote(quote_id=quote.pk, at=LATER)

    version = contract.versions.get()
    assert [each.line for each in version.agreed] == list(quote.lines)
    assert (version.period_from, version.period_to, contract.manager) == (
        date(2026, 4, 1),
        date(2027, 4, 1),
        quote.manager,
    )
    assert (contract.organisation.name, contract.source_ref) == ("Daily Zebra", f"quote/{quote.pk}")
    assert now_says(contract).uses == ["publish", "read"]
    owner = Membership.objects.get(organisation=contract.organisation)
    assert (owner.user.email, owner.role) == (quote.contact_email, "owner")
    quote.lead.refresh_from_db()
    assert quote.lead.organisation == contract.organisation
    assert Document.objects.get(kind="contract").data["title"] == f"Contract {contract.number}"


def test_a_replay_makes_nothing_twice():
    quote, token = a_sent_quote()
    accept(quote, token)
    made = {actions.activate_quote(quote_id=quote.pk, at=LATER) for _ in range(3)}

    (contract,) = made
    assert (kinds(contract), Contract.objects.count(), Organisation.objects.count()) == (["activated"], 1, 1)


def test_a_quote_nobody_accepted_makes_no_contract():
    quote, _token = a_sent_quote()
    assert actions.activate_quote(quote_id=quote.pk, at=LATER) is None
    assert (Contract.objects.exists(), Organisation.objects.exists()) == (False, False)


def test_the_customer_it_was_written_for_keeps_its_people():
    quote, token = a_sent_quote()
    paper = an_organisation()
    quote.lead.organisation = paper
    quote.lead.save()
    accept(quote, token)
    assert actions.activate_quote(quote_id=quote.pk, at=LATER).organisation == paper
    assert not Membership.objects.filter(organisation=paper).exists()


def test_two_customers_of_one_name_are_two_organisations():
    an_organisation("Daily Zebra")
    Organisation.objects.update(slug="daily-zebra")
    quote, token = a_sent_quote()
    accept(quote, token)
    assert actions.activate_quote(quote_id=quote.pk, at=LATER).organisation.slug == f"daily-zebra-{quote.pk}"


def test_the_signal_makes_it_at_once_and_the_sweep_what_the_signal_lost(monkeypatch):
    heard, token = a_sent_quote()
    accept(heard, token)
    lost, other = a_sent_quote(heard.manager)
    accept(lost, other)
    quote_accepted.send_robust(sender=None, quote_id=heard.pk)
    monkeypatch.setattr(
        "newsroom.licensing.contracts.tasks.enqueue",
        lambda name, **ids: activate_quote(**ids) if name == "licensing.activate_quote" else None,
    )

    assert Contract.objects.get().source_ref == f"quote/{heard.pk}"
    for _ in range(2):
        contracts_due()
    assert sorted(Contract.objects.values_list("source_ref", flat=True)) == sorted(
        f"quote/{each.pk}" for each in (heard, lost)
    )


@pytest.mark.parametrize(
    ("indexation", "rate", "found"),
    [("none", 0, (None, None)), ("fixed", 350, (350, None)), ("cpi", 350, (0, 350))],
)
def test_a_contract_takes_over_what_was_offered(indexation, rate, found):
    offered = Offered("eur", date(2026, 4, 1), 24, "once", 14, 60, True, indexation, rate)
    assert terms_of(offered) == Terms(24, 60, True, *found, "year", "credit", 14)
