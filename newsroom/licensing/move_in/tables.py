"""The files of a move-in: which columns each has, and which it must have. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of file. `example`: a row for the template."""

    kind: str
    columns: tuple[str, ...]
    needed: tuple[str, ...]
    example: tuple[str, ...]


LIMITS = (
    "seats", "seat_kind", "quotas", "channels", "territories", "formats", "delay_hours", "archive_days", "rendition",
    "under_embargo",
)  # fmt: skip
ORGANISATIONS = Sheet(
    "organisations", ("reference", "name", "country"), ("reference", "name", "country"), ("A-17", "Daily Zebra", "TR")
)
PEOPLE = Sheet(
    "people",
    ("email", "name", "organisation", "role", "language"),
    ("email",),
    ("ada@zebra.example", "Ada Reader", "A-17", "member", "tr"),
)
CONTRACTS = Sheet(
    "contracts",
    ("reference", "organisation", "starts", "ends", "clause"),
    ("reference", "organisation", "starts"),
    ("C-2026-9", "A-17", "2026-01-01", "2026-12-31", "May publish in its newspaper and on its website."),
)
LICENCES = Sheet(
    "licences",
    ("reference", "contract", "organisation", "person", "starts", "ends", "products", "uses", "clause", *LIMITS),
    ("reference", "products", "uses"),
    (
        "C-2026-9/1", "C-2026-9", "", "", "", "", "sport|world", "read|publish", "", "25", "named",
        "publish:300/month", "web|print", "TR|DE", "html|ninjs", "0", "365", "print", "no",
    ),
)  # fmt: skip
SHEETS = {each.kind: each for each in (ORGANISATIONS, PEOPLE, CONTRACTS, LICENCES)}
"""In the order in which they are taken in: each may name what stands in those before it."""
