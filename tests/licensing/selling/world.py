"""Leads, rates and quotes for tests, made by the product's own deeds."""

from datetime import date
from typing import Any

from django.contrib.auth.models import Group, Permission

from newsroom.accounts.models import User
from newsroom.core.audit import SYSTEM
from newsroom.core.models import Message
from newsroom.core.money import Money
from newsroom.licensing.lines import Line
from newsroom.licensing.models import Lead, Quote, QuoteLine, Rate, RateCard
from newsroom.licensing.rules import NO_LIMITS
from newsroom.licensing.selling import approval, leads, quotes, rates, sending
from newsroom.newsdesk.actions import SALES
from tests.factories import DAY, NOON, a_product, a_user

VALID_UNTIL = NOON + 30 * DAY


def a_seller(group: str = SALES, **facts: Any) -> User:
    user = a_user(is_staff=True, **facts)
    user.groups.add(Group.objects.get(name=group))
    return user


def an_approver(**facts: Any) -> User:
    user = a_seller(**facts)
    user.user_permissions.add(Permission.objects.get(codename="approve_quote"))
    return User.objects.get(pk=user.pk)


def an_enquiry(**facts: Any) -> leads.Enquiry:
    values: dict[str, Any] = {
        "name": "Zeynep Zebra",
        "email": "Zeynep@zebra.example",
        "organisation": "Daily Zebra",
        "country": "TR",
        "consent": True,
        "locale": "en",
    }
    return leads.Enquiry(**values | facts)


def a_lead(**facts: Any) -> Lead:
    return leads.enquire(enquiry=an_enquiry(**facts), at=NOON)


def terms(**facts: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "customer": "Daily Zebra",
        "contact_name": "Zeynep Zebra",
        "contact_email": "zeynep@zebra.example",
        "address": "Zebra Street 1\nIstanbul",
        "country": "TR",
        "locale": "en",
        "currency": "eur",
        "starts_on": date(2026, 4, 1),
        "term_months": 12,
        "billing_interval": "year",
        "payment_days": 30,
        "notice_days": 90,
        "auto_renew": True,
        "indexation": "none",
        "indexation_rate": 0,
        "valid_until": VALID_UNTIL,
        "intro": "",
    }
    return values | facts


def a_quote(seller: User | None = None, lead: Lead | None = None, **facts: Any) -> Quote:
    seller = seller or a_seller()
    return quotes.draft(
        lead=lead or a_lead(), organisation=None, manager=seller, content=terms(**facts), by=seller.actor, at=NOON
    )


def a_line(minor: int = 1_200_000, **facts: Any) -> Line:
    values: dict[str, Any] = {
        "title": "Sport wire",
        "products": (a_product("sport").code,),
        "uses": ("publish", "read"),
        "limits": NO_LIMITS,
        "clause": "The customer may read and publish the sport wire.",
        "price": Money(minor, facts.pop("currency", "eur")),
    }
    return Line(**values | facts)


def with_line(quote: Quote, line: Line | None = None, listed: int | None = None) -> QuoteLine:
    """A line whose price stands on a card at `listed`."""
    line = line or a_line(currency=quote.currency)
    basis = Money(listed or line.price.minor, quote.currency)
    priced = quotes.Priced(basis, (1,))
    return quotes.add_line(quote=quote, line=line, priced=priced, listed=basis, by=SYSTEM, at=NOON)


def a_card(currency: str = "eur", name: str = "Europe") -> RateCard:
    return rates.open_card(name=name, currency=currency, by=SYSTEM, at=NOON)


def a_rate(card: RateCard, **facts: Any) -> Rate:
    values: dict[str, Any] = {
        "product": a_product("sport"),
        "uses": ["read", "publish"],
        "minor": 1_200_000,
        "interval": "year",
        "valid_from": NOON - 100 * DAY,
        "valid_to": None,
    }
    return rates.add(card=card, by=SYSTEM, at=NOON, **values | facts)


def a_sent_quote(seller: User | None = None, **facts: Any) -> tuple[Quote, str]:
    """A quote with one line, sent; and the token of its link."""
    seller = seller or a_seller()
    quote = a_quote(seller, **facts)
    with_line(quote)
    quote = approval.submit(quote=quote, seller=seller, at=NOON)
    return sent(quote, seller)


def sent(quote: Quote, seller: User) -> tuple[Quote, str]:
    sending.send(quote=quote, by=seller.actor, at=NOON)
    text = Message.objects.filter(kind="quote_sent").latest("pk").text
    return Quote.objects.get(pk=quote.pk), text.partition("/offers/")[2].partition("/")[0]
