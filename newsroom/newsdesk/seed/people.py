"""Who there is in the demo: the agency's staff, its customers and its readers. All have one password."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from newsroom.accounts.models import Membership, Organisation, User
from newsroom.content.actions import appoint
from newsroom.content.models import DeskRole
from newsroom.content.rules import Role
from newsroom.core.audit import SYSTEM
from newsroom.wire.models import Desk

PASSWORD = "anka-demo-2026"  # noqa: S105 (shown to everybody who starts the demo, and refused in production)
OURS = "anka-wire.example"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to sign in as. `desks` None: every desk. `group`: staff of the house who have no desk."""

    email: str
    name: str
    role: str
    locale: str = "en"
    desk_role: Role | None = None
    desks: tuple[str, ...] | None = None
    group: str = ""
    superuser: bool = False

    @property
    def staff(self) -> bool:
        return self.superuser or bool(self.group) or self.desk_role is not None


@dataclass(frozen=True, slots=True)
class Customer:
    """An organisation and its members, each with their role in it."""

    slug: str
    name: str
    country: str
    members: tuple[tuple[str, Person], ...]


def _editor(name: str, email: str, desk: str) -> Person:
    return Person(f"{email}@{OURS}", name, f"editor, {desk}", desk_role=Role.EDITOR, desks=(desk,))


def _writer(name: str, email: str, locale: str) -> Person:
    return Person(f"{email}@{OURS}", name, "reporter, every desk", locale, desk_role=Role.WRITER)


STAFF = (
    Person(f"admin@{OURS}", "Defne Ulusoy", "administrator", superuser=True),
    Person(f"chief@{OURS}", "Orhan Saydam", "chief editor", desk_role=Role.CHIEF),
    _editor("Aylin Tokgöz", "world", "world"),
    _editor("Kerem Yalçın", "politics", "politics"),
    _editor("Pınar Esmer", "business", "business"),
    _editor("Rauf Demiray", "technology", "technology"),
    _editor("Sinem Akova", "sport", "sport"),
    _editor("Anaïs Belkacem", "culture", "culture"),
    _editor("Tarık Öncel", "science", "science"),
    _writer("Selin Aydar", "selin", "tr"),
    _writer("Leyla Haddad", "leyla", "ar"),
    _writer("Claire Vasseur", "claire", "fr"),
    Person(f"sales@{OURS}", "Burcu Alkan", "sales", "tr", group="Sales"),
    Person(f"finance@{OURS}", "Ertan Kuyumcu", "finance", "tr", group="Finance"),
)

READERS = (
    Person("reader@example.com", "Ida Falk", "reader without a licence"),
    Person("okur@example.com", "Cansu Balta", "reader without a licence (Turkish)", "tr"),
    Person("guest@example.com", "Samir Kanaan", "reader with a complimentary licence", "ar"),
    Person("former@example.com", "Maud Lacroix", "reader whose licence has ended", "fr"),
)

CUSTOMERS = (
    Customer(
        "bogaz-postasi",
        "Boğaz Postası",
        "TR",
        (
            ("owner", Person("owner@bogazpostasi.example", "Nazan Erkut", "newspaper, owner", "tr")),
            ("member", Person("desk@bogazpostasi.example", "Volkan Sezer", "newspaper, journalist", "tr")),
            ("billing", Person("accounts@bogazpostasi.example", "Gül Atay", "newspaper, billing", "tr")),
        ),
    ),
    Customer(
        "mashriq-tv",
        "Mashriq TV",
        "LB",
        (
            ("owner", Person("owner@mashriqtv.example", "Rima Sayegh", "broadcaster, owner", "ar")),
            ("member", Person("news@mashriqtv.example", "Fadi Nasr", "broadcaster, journalist", "ar")),
        ),
    ),
    Customer(
        "pera-bank",
        "Pera Bank",
        "TR",
        (
            ("owner", Person("research@perabank.example", "Cem Irmak", "bank, owner", "tr")),
            ("member", Person("analyst@perabank.example", "Ezgi Soylu", "bank, analyst", "tr")),
        ),
    ),
    Customer(
        "med-actu",
        "Med-Actu",
        "FR",
        (("owner", Person("redaction@medactu.example", "Bastien Orsini", "website (unpaid), owner", "fr")),),
    ),
    Customer(
        "ministry-of-the-coast",
        "Ministry of the Coast",
        "GR",
        (("owner", Person("press@coast.example", "Danai Foka", "ministry, press office")),),
    ),
    Customer(
        "bosphorus-technical-university",
        "Bosphorus Technical University",
        "TR",
        (("owner", Person("library@btu.example", "Alev Gencer", "university, library", "tr")),),
    ),
)


def everybody() -> tuple[Person, ...]:
    return (*STAFF, *READERS, *(person for customer in CUSTOMERS for _role, person in customer.members))


@transaction.atomic
def settle(at: datetime) -> int:
    """Everybody is there, with their desks and memberships. Who is there already is left alone. Answers who came."""
    known = set(User.objects.values_list("email", flat=True))
    new = [person for person in everybody() if person.email not in known]
    if new:
        _register(new, at)
    for customer in CUSTOMERS:
        _join(customer, at - timedelta(days=400))
    for person in STAFF:
        _appoint(person, at)
    return len(new)


def _register(people: Iterable[Person], at: datetime) -> None:
    """The password is hashed once: it is the same, and a good hash is slow."""
    hashed = make_password(PASSWORD)
    users = [
        User(
            email=each.email,
            name=each.name,
            locale=each.locale,
            is_staff=each.staff,
            is_superuser=each.superuser,
            password=hashed,
            date_joined=at - timedelta(days=90),
        )
        for each in people
    ]
    User.objects.bulk_create(users)
    for user in users:
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def _join(customer: Customer, since: datetime) -> None:
    organisation, made = Organisation.objects.get_or_create(
        slug=customer.slug, defaults={"name": customer.name, "country": customer.country, "created_at": since}
    )
    if made:
        for role, person in customer.members:
            user = User.objects.get(email=person.email)
            Membership.objects.create(user=user, organisation=organisation, role=role, valid_from=since)


def _appoint(person: Person, at: datetime) -> None:
    user = User.objects.get(email=person.email)
    if person.group and not user.groups.filter(name=person.group).exists():
        user.groups.add(Group.objects.get_or_create(name=person.group)[0])
    if person.desk_role is None or DeskRole.objects.filter(user=user).exists():
        return
    desks = Desk.objects.all() if person.desks is None else Desk.objects.filter(code__in=person.desks)
    for desk in desks:
        appoint(user=user, desk=desk, role=person.desk_role, by=SYSTEM, at=at)
