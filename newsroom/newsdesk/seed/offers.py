"""What is sold in the demo, and to whom: products with their rules, contracts and complimentary licences."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from newsroom.accounts.models import Organisation, User
from newsroom.core.audit import SYSTEM
from newsroom.licensing.actions import start
from newsroom.licensing.models import Licence
from newsroom.licensing.rules import Source, Use
from newsroom.wire.actions import set_rule
from newsroom.wire.models import Product

PRODUCTS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("anka-full", "Anka Full", "Everything on the wire, in every language.", {"include": "everything"}),
    ("english", "English service", "All desks, in English.", {"include": {"language": ["en"]}}),
    ("turkish", "Turkish service", "All desks, in Turkish.", {"include": {"language": ["tr"]}}),
    ("arabic", "Arabic service", "All desks, in Arabic.", {"include": {"language": ["ar"]}}),
    ("french", "French service", "All desks, in French.", {"include": {"language": ["fr"]}}),
    (
        "business",
        "Business",
        "Companies, markets and commodities, in every language.",
        {"include": {"desk": ["business", "technology"]}},
    ),
    ("sport", "Sport", "Every sport, in every language.", {"include": {"topics": ["medtop:15000000"]}}),
)


@dataclass(frozen=True, slots=True)
class Grant:
    """A licence. `holder` is an organisation's short name or a person's address; times in days from the seeding."""

    source: Source
    ref: str
    holder: str
    uses: tuple[Use, ...]
    products: tuple[str, ...] | None
    starts: int
    ends: int | None
    clause: str
    suspended: str = ""


GRANTS = (
    Grant(
        Source.CONTRACT,
        "AW-1001",
        "bogaz-postasi",
        (Use.READ, Use.DOWNLOAD, Use.PUBLISH, Use.RECEIVE),
        ("anka-full",),
        -390,
        340,
        "§2: full wire in all languages, print and online publication with credit “Anka Wire”, pictures included.",
    ),
    Grant(
        Source.CONTRACT,
        "AW-1002",
        "mashriq-tv",
        (Use.READ, Use.PUBLISH, Use.RECEIVE),
        ("arabic", "sport"),
        -210,
        155,
        "§2: Arabic service and sport, broadcast and own website.",
    ),
    Grant(
        Source.CONTRACT,
        "AW-1003",
        "pera-bank",
        (Use.READ,),
        ("business",),
        -120,
        18,
        "§3: internal reading by research staff; no publication.",
    ),
    Grant(
        Source.CONTRACT,
        "AW-1004",
        "med-actu",
        (Use.READ, Use.PUBLISH),
        ("french",),
        -180,
        185,
        "§2: French service, one website.",
        suspended="Two invoices are overdue.",
    ),
    Grant(
        Source.CONTRACT,
        "AW-1005",
        "ministry-of-the-coast",
        (Use.READ, Use.DOWNLOAD),
        ("english", "french"),
        -60,
        305,
        "§3: press review for internal use.",
    ),
    Grant(
        Source.COMP,
        "university-btu",
        "bosphorus-technical-university",
        (Use.READ,),
        None,
        -300,
        None,
        "Complimentary: teaching and research, no publication.",
    ),
    Grant(
        Source.COMP,
        "guest-kanaan",
        "guest@example.com",
        (Use.READ, Use.DOWNLOAD),
        None,
        -20,
        345,
        "Complimentary: guest of the editors.",
    ),
    Grant(
        Source.COMP,
        "prize-lacroix",
        "former@example.com",
        (Use.READ,),
        ("french",),
        -95,
        -5,
        "Complimentary: prize of the readers' survey, ninety days.",
    ),
)


def put_on_sale(at: datetime) -> int:
    """The products are there, with their rules in force since long before the first story. Answers how many came."""
    made = 0
    for code, name, description, rule in PRODUCTS:
        product, _made = Product.objects.get_or_create(code=code, defaults={"name": name, "description": description})
        if not product.versions.exists():
            set_rule(product=product, rule=rule, by=SYSTEM, at=at - timedelta(days=400))
            made += 1
    return made


def grant(at: datetime) -> int:
    """Each licence that was never given is given. What sales changed since is left alone. Answers how many came."""
    known = set(Licence.objects.values_list("source", "source_ref"))
    new = [each for each in GRANTS if (each.source, each.ref) not in known]
    for each in new:
        start(
            source=each.source,
            source_ref=each.ref,
            holder=_holder(each.holder),
            uses=each.uses,
            products=None if each.products is None else Product.objects.filter(code__in=each.products),
            starts_at=at + timedelta(days=each.starts),
            ends_at=None if each.ends is None else at + timedelta(days=each.ends),
            clause=each.clause,
            suspended=bool(each.suspended),
            why=each.suspended,
            by=SYSTEM,
            at=at + timedelta(days=each.starts),
        )
    return len(new)


def _holder(name: str) -> User | Organisation:
    return User.objects.get(email=name) if "@" in name else Organisation.objects.get(slug=name)
