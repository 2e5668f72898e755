"""The licence book of the demo, alive: a rate card, an enquiry, and a contract with seats and a quota."""

from datetime import datetime, timedelta

from django.utils import timezone

from newsroom.accounts.models import Organisation, User
from newsroom.core.audit import SYSTEM
from newsroom.core.money import Money
from newsroom.licensing import seats
from newsroom.licensing.contracts import actions as contracts
from newsroom.licensing.contracts.terms import Terms
from newsroom.licensing.lines import Line
from newsroom.licensing.models import Contract, Lead, RateCard
from newsroom.licensing.rules import Limits, Period, Quota, Use
from newsroom.licensing.selling import leads, rates
from newsroom.licensing.selling.leads import Enquiry
from newsroom.wire.models import Product

CARD, CURRENCY = "Europe and Türkiye", "eur"
ROWS = (
    (None, (Use.READ,), 120_000),
    (None, (Use.READ, Use.DOWNLOAD, Use.PUBLISH), 960_000),
    ("sport", (Use.READ,), 36_000),
    ("business", (Use.READ,), 48_000),
)
"""Product, or every one; uses; price of a year in cents."""
ENQUIRY = Enquiry(
    name="Jelena Marušić",
    email="jelena@jadranski-list.example",
    organisation="Jadranski List",
    country="HR",
    consent=True,
    locale="en",
    products=("english", "sport"),
    uses=(Use.READ, Use.PUBLISH),
    audience=40_000,
    message="We print on Fridays and would like your sport and English services from the new year on.",
)
CUSTOMER, REF, SITTING = "mashriq-tv", "demo/mashriq-tv", "news@mashriqtv.example"
LINE = Line(
    title="Business desk for three",
    products=("business",),
    uses=(Use.READ,),
    limits=Limits(seats=3, quotas=(Quota(Use.READ, 40, Period.MONTH, overage=Money(250, CURRENCY)),)),
    clause="§2: reading on screen by three named people, forty stories a month; each further story is charged.",
    price=Money(48_000, CURRENCY),
)


def settle(at: datetime) -> int:
    """What is missing is there. Answers how many came."""
    return _price(at) + _ask(at) + _agree(at)


def _price(at: datetime) -> int:
    if RateCard.objects.filter(name=CARD).exists():
        return 0
    since = at - timedelta(days=300)
    card = rates.open_card(name=CARD, currency=CURRENCY, by=SYSTEM, at=since)
    for code, uses, minor in ROWS:
        product = Product.objects.get(code=code) if code else None
        rates.add(
            card=card,
            product=product,
            uses=uses,
            minor=minor,
            interval="year",
            valid_from=since,
            valid_to=None,
            by=SYSTEM,
            at=since,
        )
    return 1


def _ask(at: datetime) -> int:
    if Lead.objects.filter(email=ENQUIRY.email).exists():
        return 0
    leads.enquire(enquiry=ENQUIRY, at=at - timedelta(days=1))
    return 1


def _agree(at: datetime) -> int:
    if Contract.objects.filter(source_ref=REF).exists():
        return 0
    since = at - timedelta(days=75)
    contract = contracts.activate(
        organisation=Organisation.objects.get(slug=CUSTOMER),
        lines=[LINE],
        terms=Terms(indexation=250),
        starts_on=timezone.localdate(since),
        currency=CURRENCY,
        manager=User.objects.get(email="sales@anka-wire.example"),
        source_ref=REF,
        why="Agreed by telephone, signed on paper.",
        by=SYSTEM,
        at=since,
    )
    held = contract.licences.select_related("licence").get()
    seats.give(licence=held.licence, user=User.objects.get(email=SITTING), by=SYSTEM, at=since)
    return 1
