"""Who asks: every kind of person who is due less than everything, and those who are due the full text.

What each is due stands here in plain words, apart from the product's own judgement.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group

from newsroom.access.decide import Asked, find, open_for
from newsroom.accounts.addresses import follow
from newsroom.accounts.models import Domain, Membership, Network, User
from newsroom.accounts.readers import reader_of
from newsroom.content import actions as content
from newsroom.content.rules import Role
from newsroom.core.audit import SYSTEM
from newsroom.core.money import Money
from newsroom.licensing import actions as licensing
from newsroom.licensing.models import Seat
from newsroom.licensing.organisations.merging import merge_people
from newsroom.licensing.rules import Limits, Quota, Source, Use
from newsroom.wire.models import Product
from newsroom.wire.rules import Tier
from tests.factories import DAY, HOUR, NOON, a_desk, a_licence, a_member, a_user, an_item, an_organisation, staff_of

CRAWLER = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
AT_HOME, ELSEWHERE, FORMERLY = "93.184.216.34", "93.184.217.34", "93.184.218.34"
INSIDE = f"{AT_HOME}, 10.0.0.1"


@dataclass(frozen=True, slots=True)
class Products:
    """What is sold: the slice that holds the seeded stories, and one that holds none of them."""

    right: Product
    wrong: Product


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody who asks. `reads`, `downloads`: what their licence lets them do with every seeded story at noon.

    `desk`: empty for readers; `none` for staff without a desk, `other` for an editor of another desk, `own` for one of
    the stories' desk. On the public site staff are readers like others. `covered`: their licence is about every seeded
    story and has no use left, so they know of each what everybody may know of one.
    """

    name: str
    make: Callable[[Products], User | None] | None
    reads: bool = False
    downloads: bool = False
    covered: bool = False
    desk: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    address: str = "127.0.0.1"
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
        a_member(organisation, role="owner")
        a_licence(organisation, source=Source.CONTRACT, products=[products.right])
        user = a_user()
        Membership.objects.create(user=user, organisation=organisation, valid_from=valid_from, valid_to=valid_to)
        return user

    return make


def sitting(seated: bool, until: datetime | None = None) -> Callable[[Products], User]:
    """A member of an organisation whose licence has one seat: theirs, a colleague's, or theirs until it was taken."""

    def make(products: Products) -> User:
        organisation = an_organisation()
        limits = Limits(seats=1)
        licence = a_licence(organisation, source=Source.CONTRACT, products=[products.right], limits=limits)
        user, colleague = a_member(organisation), a_member(organisation)
        if seated:
            Seat.objects.create(licence=licence, user=user, number=1, valid_from=NOON - DAY, valid_to=until)
        if not seated or until:
            Seat.objects.create(licence=licence, user=colleague, number=1, valid_from=until or NOON - DAY)
        return user

    return make


def library(cidr: str, valid_to: datetime | None = None) -> Callable[[Products], None]:
    """Whoever asks from a licensed institution's network, signed in or not."""

    def make(products: Products) -> None:
        organisation = an_organisation()
        a_licence(organisation, source=Source.NETWORK, products=[products.right])
        Network.objects.create(organisation=organisation, cidr=cidr, valid_from=NOON - DAY, valid_to=valid_to)

    return make


def of_domain(email: str, *, verified: bool = True) -> Callable[[Products], User]:
    """Somebody with this address, where a licensed institution has a mail domain."""

    def make(products: Products) -> User:
        if not Domain.objects.exists():
            organisation = an_organisation()
            a_licence(organisation, source=Source.DOMAIN, products=[products.right])
            Domain.objects.create(organisation=organisation, name="uni.example", valid_from=NOON - DAY)
        user = a_user(email)
        if verified:
            follow(user_id=user.pk, email=email, verified=True, at=NOON - DAY)
        return user

    return make


def merged(keeps: bool) -> Callable[[Products], User]:
    """Two accounts that were made one: the one that goes on, or the one that is gone with its licence."""

    def make(products: Products) -> User:
        keep, gone = a_user(), a_user()
        a_licence(gone, products=[products.right])
        merge_people(keep=keep, gone=gone, by=SYSTEM, at=NOON - HOUR, why="the address is dead")
        return keep if keeps else gone

    return make


def another_story(products: Products) -> User:
    """Who bought a single story has that one and no other."""
    return holder(products=[], items=[an_item(public_tier=Tier.NOTHING)], source=Source.STORY)(products)


def spent(**facts: Any) -> Callable[[Products], User]:
    """Somebody who has read one story by a licence for one, and then asks for others."""

    def make(products: Products) -> User:
        quota = Quota(Use.READ, 1, "term", **facts)
        user = holder(limits=Limits(quotas=(quota,)))(products)
        first = find(slug=an_item(desk=a_desk("world"), public_tier=Tier.NOTHING).slug)
        assert first is not None
        asked = Asked("test", "request-1", "en")
        open_for(reader=reader_of(user, NOON), item=first, use=Use.READ, at=NOON, asked=asked)
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
    Persona("with a seat", sitting(True), reads=True),
    Persona("without a seat", sitting(False)),
    Persona("seat removed", sitting(True, NOON)),
    Persona("wrong territory", holder(limits=Limits(territories=frozenset({"TR"})))),
    Persona("outside archive", holder(limits=Limits(archive=HOUR / 2))),
    Persona("within archive", holder(limits=Limits(archive=30 * DAY)), reads=True),
    Persona("delayed", holder(limits=Limits(delay=DAY))),
    Persona("another story", another_story),
    Persona("on trial, over", holder(source=Source.TRIAL, ends_at=NOON)),
    Persona("early for machines only", holder(limits=Limits(under_embargo=True)), reads=True),
    Persona("quota spent", spent(), covered=True),
    Persona("quota spent, at a price", spent(overage=Money(450, "eur")), covered=True),
    Persona("on network", library("93.184.216.0/24"), reads=True, address=AT_HOME),
    Persona("on network, as IPv6", None, reads=True, address=f"::ffff:{AT_HOME}"),
    Persona("off network", None, address=ELSEWHERE),
    Persona("on a former network", library("93.184.218.0/24", NOON), address=FORMERLY),
    Persona("of the mail domain", of_domain("one@uni.example"), reads=True),
    Persona("of a domain below it", of_domain("two@evil.example.uni.example")),
    Persona("of the mail domain, not verified", of_domain("three@uni.example", verified=False)),
    Persona("two accounts made one", merged(True), reads=True),
    Persona("merged into another", merged(False)),
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
