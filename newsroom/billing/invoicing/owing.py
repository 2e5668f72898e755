"""What organisations owe, by how late it is."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import Organisation
from newsroom.billing.invoicing.transfers import received
from newsroom.billing.models import Invoice
from newsroom.core.money import Money
from newsroom.licensing.contracts.book import today

AGES = (_("not due yet"), _("1–30 days"), _("31–60 days"), _("61–90 days"), _("over 90 days"))


@dataclass(frozen=True, slots=True)
class Owed:
    """One customer in one currency. `by_age`: in the order of `AGES`; `invoices`: with what came of them in parts."""

    organisation: Organisation
    by_age: tuple[Money, ...]
    invoices: tuple[tuple[Invoice, Money], ...]

    @property
    def total(self) -> Money:
        return Money(sum(each.minor for each in self.by_age), self.by_age[0].currency)


def age(invoice: Invoice, at: datetime) -> int:
    """Which of `AGES` it is."""
    late = (today(at) - today(invoice.due_at)).days if invoice.due_at else 0
    return 0 if late <= 0 else min(4, 1 + (late - 1) // 30)


def by_customer(at: datetime) -> list[Owed]:
    """Everybody who owes something, by name; the figures are the sums of the invoices beside them."""
    found = Invoice.objects.filter(
        account__organisation__isnull=False, status__in=["open", "uncollectible"], remaining_minor__gt=0
    )
    groups: dict[tuple[str, int, str], list[Invoice]] = {}
    for each in found.select_related("account__organisation").defer("raw").order_by("due_at", "pk"):
        owner = each.account.organisation
        assert owner is not None  # filtered above
        groups.setdefault((owner.name, owner.pk, each.currency), []).append(each)
    return [_owed(own, at) for _key, own in sorted(groups.items())]


def _owed(invoices: list[Invoice], at: datetime) -> Owed:
    sums, currency = [0] * len(AGES), invoices[0].currency
    rows = []
    for each in invoices:
        came = received(each)
        sums[age(each, at)] += each.remaining_minor - came
        rows.append((each, Money(came, currency)))
    owner = invoices[0].account.organisation
    assert owner is not None  # the caller grouped by it
    return Owed(owner, tuple(Money(each, currency) for each in sums), tuple(rows))
