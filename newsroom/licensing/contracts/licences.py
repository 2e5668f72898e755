"""The licences of a contract, brought to what its versions say. Asked as often as one likes: the same adds nothing."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from newsroom.core.audit import Actor
from newsroom.licensing import actions as licensing
from newsroom.licensing.contracts.book import Book
from newsroom.licensing.contracts.rights import Target, targets
from newsroom.licensing.contracts.rules import SeatsOccupied, State, UnknownProduct
from newsroom.licensing.contracts.terms import Agreed
from newsroom.licensing.models import ContractLine, Licence, Seat
from newsroom.licensing.rules import SeatKind, Source, Use
from newsroom.wire.models import Product


def settle(book: Book, *, by: Actor, at: datetime, why: str = "") -> None:
    """Every line's licence says what the contract says of this moment; a line nobody agreed to any more is ended."""
    slack = timedelta(days=settings.CONTRACT_SLACK_DAYS) if book.renews else timedelta(0)
    wanted = targets(book.versions, period_end=book.last.period_end, slack=slack, at=at)
    suspended = book.state_at(at) == State.SUSPENDED
    for target in (_rested(each, book.contract.rests_from) for each in wanted):
        _bring(book, target, suspended=suspended, by=by, at=at, why=why)
    lines = ContractLine.objects.filter(contract=book.contract).select_related("licence")
    for line in lines.exclude(key__in=[each.key for each in wanted]):
        _end(line.licence, by=by, at=at, why=why)


def _rested(target: Target, since: datetime | None) -> Target:
    """It gives nothing from this moment on: a date on the licence, which holds without anybody at work."""
    if since is None or since >= target.ends_at:
        return target
    return replace(target, ends_at=max(target.starts_at, since))


def _bring(book: Book, target: Target, *, suspended: bool, by: Actor, at: datetime, why: str) -> None:
    line = target.agreed.line
    products = list(Product.objects.filter(code__in=line.products)) if line.products else None
    if products == []:
        return  # none of its products is left: there is nothing it could still open, and nothing to say anew
    licence = licensing.start(
        source=Source.CONTRACT,
        source_ref=f"{book.contract.number}/{target.key}",
        holder=book.contract.organisation,
        uses=[Use(each) for each in line.uses],
        products=products,
        starts_at=target.starts_at,
        ends_at=target.ends_at,
        clause=line.clause,
        limits=line.limits,
        suspended=suspended,
        by=by,
        at=at,
        why=why,
    )
    ContractLine.objects.get_or_create(contract=book.contract, key=target.key, defaults={"licence": licence})


def _end(licence: Licence, *, by: Actor, at: datetime, why: str) -> None:
    current = licence.versions.get(recorded_to=None)
    if current.ends_at is None or current.ends_at > max(at, current.starts_at):
        licensing.end(licence=licence, by=by, at=at, why=why)


def check_products(lines: Iterable[Agreed]) -> None:
    """Raises `UnknownProduct` on the line that names a product that is not there."""
    found = list(lines)
    known = set(Product.objects.values_list("code", flat=True))
    for each in found:
        lacking = sorted(set(each.line.products) - known)
        if lacking:
            raise UnknownProduct(
                _("There is no product “%(code)s” (any more).") % {"code": lacking[0]}, f"line-{each.key}.products"
            )


def check_seats(book: Book, lines: Iterable[Agreed], at: datetime) -> None:
    """Raises `SeatsOccupied`. Locks each line's licence, so that no seat is taken meanwhile."""
    licences = dict(ContractLine.objects.filter(contract=book.contract).values_list("key", "licence_id"))
    for each in lines:
        limits = each.line.limits
        if limits.seats is None or limits.seat_kind != SeatKind.NAMED or each.key not in licences:
            continue
        licence = Licence.objects.select_for_update(of=("self",)).get(pk=licences[each.key])
        occupied = Seat.objects.valid(at).filter(licence=licence).count()
        if occupied > limits.seats:
            raise SeatsOccupied(
                _("%(occupied)s people sit in this line. Free seats first, or agree to at least so many.")
                % {"occupied": occupied},
                f"line-{each.key}.seats",
            )
