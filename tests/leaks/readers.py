"""Who asks: every kind of person who is due less than everything, and those who are due the full text.

What each is due stands here in plain words, apart from the product's own judgement.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group

from newsroom.accounts.models import Membership, User
from newsroom.content import actions as content
from newsroom.content.rules import Role
from newsroom.core.audit import SYSTEM
from newsroom.licensing import actions as licensing
from newsroom.licensing.rules import Source, Use
from newsroom.wire.models import Product
from tests.factories import DAY, HOUR, NOON, a_desk, a_licence, a_user, an_organisation, staff_of

CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
INSIDE = "127.0.0.1, 10.0.0.1"


@dataclass(frozen=True, slots=True)
class Products:
    """What is sold: the slice that holds the seeded stories, and one that holds none of them."""

    right: Product
    wrong: Product


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody who asks. `reads`, `downloads`: what their licence lets them do with every seeded story at noon.

    `desk`: empty for readers; `none` for staff without a desk, `other` for an editor of another desk, `own` for one of
    the stories' desk. On the public site staff are readers like others.
    """

    name: str
    make: Callable[[Products], User] | None
    reads: bool = False
    downloads: bool = False
    desk: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.name


def holder(**facts: Any) -> Callable[[Products], User]:
    """Somebody with a licence of their own; on the right product unless it says otherwise."""

    def make(products: Products) -> User:
        user = a_user()
        a_licence(user, **{"products": [products.right]} | facts)
        return user

    return make


def wrong_product(products: Products) -> User:
    user = a_user()
    a_licence(user, products=[products.wrong])
    return user


def suspended(products: Products) -> User:
    """A payment failed, the days of grace are over."""
    user = a_user()
    licence = a_licence(user, source=Source.PLAN, products=[products.right])
    licensing.suspend(licence=licence, by=SYSTEM, at=NOON, why="not paid")
    return user


def ended(products: Products) -> User:
    user = a_user()
    licensing.end(licence=a_licence(user, products=[products.right]), by=SYSTEM, at=NOON - HOUR, why="refunded")
    return user


def belonging(valid_from: datetime, valid_to: datetime | None) -> Callable[[Products], User]:
    """Somebody whom a licensed organisation counts, or counted, or will count among its people."""

    def make(products: Products) -> User:
        organisation = an_organisation()
        a_licence(organisation, source=Source.CONTRACT, products=[products.right])
        user = a_user()
        Membership.objects.create(user=user, organisation=organisation, valid_from=valid_from, valid_to=valid_to)
        return user

    return make


def inactive(products: Products) -> User:
    """An account that was closed while its session and its licence run on."""
    user = holder()(products)
    user.is_active = False
    user.save(update_fields=["is_active"])
    return user


def registered(products: Products) -> User:
    return a_user()


def staff_without_a_desk(products: Products) -> User:
    """Somebody whose last role on a desk was taken away."""
    desk = a_desk("world")
    user = staff_of(desk, Role.CHIEF, is_staff=True)
    content.dismiss(user=user, desk=desk, by=SYSTEM, at=NOON - HOUR)
    return user


def sales(products: Products) -> User:
    user = a_user(is_staff=True)
    user.groups.add(Group.objects.get(name="Sales"))
    return user


def editor_of(code: str) -> Callable[[Products], User]:
    return lambda products: staff_of(a_desk(code), Role.CHIEF, is_staff=True)


READERS = (
    Persona("anonymous", None),
    Persona("registered", registered),
    Persona("licensed", holder(source=Source.PLAN), reads=True),
    Persona("wrong product", wrong_product),
    Persona("expired", holder(ends_at=NOON)),
    Persona("refunded", ended),
    Persona("past due, in grace", holder(source=Source.PLAN, ends_at=NOON + 7 * DAY), reads=True),
    Persona("past due, after grace", suspended),
    Persona("cancelled, paid until", holder(source=Source.PLAN, ends_at=NOON + HOUR / 2), reads=True),
    Persona("not started", holder(starts_at=NOON + HOUR / 2)),
    Persona("wrong use", holder(uses=[Use.PUBLISH])),
    Persona("downloads only", holder(uses=[Use.DOWNLOAD]), downloads=True),
    Persona("comp", holder(uses=[Use.READ, Use.DOWNLOAD]), reads=True, downloads=True),
    Persona("member", belonging(NOON - DAY, None), reads=True),
    Persona("member removed", belonging(NOON - DAY, NOON)),
    Persona("member to be", belonging(NOON + HOUR / 2, None)),
    Persona("account closed", inactive),
    Persona("staff without a desk", staff_without_a_desk, desk="none"),
    Persona("sales", sales, desk="none"),
    Persona("editor of another desk", editor_of("sport"), desk="other"),
    Persona("editor of the desk", editor_of("world"), desk="own"),
    Persona("claims to be a crawler", None, headers={"User-Agent": CRAWLER, "From": "googlebot(at)googlebot.com"}),
    Persona(
        "forged address",
        None,
        headers={"X-Forwarded-For": INSIDE, "X-Real-IP": "127.0.0.1", "Forwarded": "for=127.0.0.1"},
    ),
    Persona("forged referer", None, headers={"Referer": "https://www.google.com/", "Sec-Fetch-Site": "cross-site"}),
    Persona("forged cookies", None, cookies={"sessionid": "a" * 32, "variant": "full", "subscriber": "1"}),
)
BY_NAME = {persona.name: persona for persona in READERS}
