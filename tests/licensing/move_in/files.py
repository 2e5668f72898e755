"""A small house that moves in."""

ORGANISATIONS = "reference;name;country\nA-1;Günlük Haber;TR\nA-2;Daily Zebra;DE\n"
PEOPLE = "email;name;organisation;role;language\nAda@Zebra.example;Ada;A-2;owner;en\nsolo@example.com;Solo;;;\n"
CONTRACTS = "reference;organisation;starts;ends;clause\nC-1;A-1;2026-01-01;31.12.2026;May publish.\n"
LICENCES = (
    "reference;contract;organisation;person;starts;ends;products;uses;clause;seats;quotas;territories;archive_days\n"
    "C-1/1;C-1;;;;;sport;read|publish;;25;publish:300/month;TR|de;365\n"
    "C-1/2;C-1;;;2026-03-01;;all;read;Reads.;;;;\n"
    "S-1;;;solo@example.com;2026-01-01;;all;read;Reads all.;;;;\n"
)


def house(**changed: str) -> dict[str, bytes]:
    """The files; a keyword replaces one, an empty one is left out."""
    files = {"organisations": ORGANISATIONS, "people": PEOPLE, "contracts": CONTRACTS, "licences": LICENCES} | changed
    return {f"{name}.csv": text.encode() for name, text in files.items() if text}
