"""Licences and their history, seats, the ledger of uses; leads, rates, quotes, documents; contracts; proof."""

from newsroom.licensing.models.contract import (
    Contract,
    ContractEvent,
    ContractLine,
    ContractNumber,
    ContractVersion,
    DeletionDuty,
)
from newsroom.licensing.models.document import Document, DocumentFile, DocumentStanding, Kind, Series
from newsroom.licensing.models.erasure import PersonRequest, Takedown
from newsroom.licensing.models.evidence import EvidencePack
from newsroom.licensing.models.gift import Gift
from newsroom.licensing.models.lead import Lead, LeadNote, SalesCountry, Trial
from newsroom.licensing.models.licence import Bearer, Holder, Licence, LicenceVersion
from newsroom.licensing.models.move_in import MoveIn, MoveInFile, MoveInRow, Outside
from newsroom.licensing.models.people import Invitation, SeatRequest
from newsroom.licensing.models.quote import Indexation, Quote, QuoteAnswer, QuoteLine, Terms
from newsroom.licensing.models.rate import Interval, Rate, RateCard
from newsroom.licensing.models.seat import Seat
from newsroom.licensing.models.spending import Counted, Counter, Overage
from newsroom.licensing.models.usage import Usage

__all__ = [
    "Bearer",
    "Contract",
    "ContractEvent",
    "ContractLine",
    "ContractNumber",
    "ContractVersion",
    "Counted",
    "Counter",
    "DeletionDuty",
    "Document",
    "DocumentFile",
    "DocumentStanding",
    "EvidencePack",
    "Gift",
    "Holder",
    "Indexation",
    "Interval",
    "Invitation",
    "Kind",
    "Lead",
    "LeadNote",
    "Licence",
    "LicenceVersion",
    "MoveIn",
    "MoveInFile",
    "MoveInRow",
    "Outside",
    "Overage",
    "PersonRequest",
    "Quote",
    "QuoteAnswer",
    "QuoteLine",
    "Rate",
    "RateCard",
    "SalesCountry",
    "Seat",
    "SeatRequest",
    "Series",
    "Takedown",
    "Terms",
    "Trial",
    "Usage",
]
