"""The finance reports by name. Each figure is the sum of the rows it leads to."""

from newsroom.billing.finance.reports.asking import Asked, Figure, Measure, Report, Row
from newsroom.billing.finance.reports.cohorts import CohortsInMoney, CohortsOfPayers
from newsroom.billing.finance.reports.declines import Recovery
from newsroom.billing.finance.reports.documents import InvoiceRun, Overages, Taxes
from newsroom.billing.finance.reports.journal import Journal
from newsroom.billing.finance.reports.ledger import Backwards, Deferred, Earned, Receivables
from newsroom.billing.finance.reports.recurring import Movements, StandingByCountry, StandingByProduct
from newsroom.billing.finance.reports.trials import Trials

ALL: dict[str, Report] = {
    each.name: each
    for each in (
        Movements(),
        StandingByProduct(),
        StandingByCountry(),
        CohortsOfPayers(),
        CohortsInMoney(),
        Trials(),
        Recovery(),
        Receivables(),
        InvoiceRun(),
        Deferred(),
        Earned(),
        Taxes(),
        Overages(),
        Backwards(),
        Journal(),
    )
}

__all__ = ["ALL", "Asked", "Figure", "Measure", "Report", "Row"]
