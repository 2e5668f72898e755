"""A simulation names what is wrong with each row, at its column, and writes nothing."""

import csv
import io

import pytest

from newsroom.accounts.models import Organisation, User
from newsroom.licensing.models import Licence, MoveIn
from newsroom.licensing.move_in import actions, reading
from newsroom.licensing.move_in.reading import BadFile
from tests.factories import a_licence, a_product, a_user
from tests.licensing.move_in.files import ORGANISATIONS, house

pytestmark = pytest.mark.django_db
HEAD = (
    "reference,contract,organisation,person,starts,ends,products,uses,clause,seats,seat_kind,quotas,channels,territories,"
    "formats,delay_hours,archive_days,rendition,under_embargo"
)


@pytest.fixture(autouse=True)
def _sport() -> None:
    a_product("sport")


def faults(**files: str) -> list[tuple[str, int, str, str]]:
    trial = actions.simulate(house(**files))
    return [(*where, *fault) for where, found in trial.problems.items() for fault in found]


def of_licence(**cells: str) -> list[tuple[str, str]]:
    values = {
        "reference": "L",
        "organisation": "A-1",
        "starts": "2026-01-01",
        "products": "all",
        "uses": "read",
        "clause": "x",
    }
    out = io.StringIO()
    writer = csv.DictWriter(out, HEAD.split(","))
    writer.writeheader()
    writer.writerow(values | cells)
    return [(column, words) for _kind, _line, column, words in faults(licences=out.getvalue())]


def test_good_files_have_no_fault_and_nothing_is_written():
    trial = actions.simulate(house())

    assert (trial.rows, trial.bad) == (8, 0)
    assert [each.objects.count() for each in (Organisation, User, Licence, MoveIn)] == [0] * 4


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"territories": "TR|XX"}, ("territories", "“XX” is no country of ISO 3166-1.")),
        ({"starts": "2026-02-01", "ends": "2026-01-01"}, ("ends", "lies before the start")),
        ({"quotas": "read:0/month"}, ("quotas", "a quota is at least one story")),
        ({"quotas": "read:-5/month"}, ("quotas", "“read:-5/month” is no quota: write publish:300/month")),
        ({"quotas": "read:5/fortnight"}, ("quotas", "“read:5/fortnight” is no quota: write publish:300/month")),
        ({"quotas": "publish:5/month"}, ("quotas", "A quota limits a use that the licence grants.")),
        ({"products": "sport|ghost"}, ("products", "there is no product “ghost”")),
        ({"products": ""}, ("products", "A licence covers at least one product.")),
        ({"uses": "steal"}, ("uses", "There is no such use.")),
        ({"uses": ""}, ("uses", "A licence grants at least one use.")),
        ({"clause": ""}, ("clause", "A licence needs its clause in words.")),
        ({"seats": "0"}, ("seats", "must be at least 1")),
        ({"seats": "-3"}, ("seats", "must be at least 1")),
        ({"seats": "many"}, ("seats", "“many” is no whole number")),
        ({"seats": "9" * 40}, ("seats", "must be at least 1")),
        ({"seat_kind": "sofa"}, ("seat_kind", "“sofa” is none of named, floating")),
        ({"channels": "smoke"}, ("channels", "There is no such channel.")),
        ({"formats": "scroll"}, ("formats", "There is no such format.")),
        ({"delay_hours": "-1"}, ("delay_hours", "must be at least 0")),
        ({"archive_days": "0"}, ("archive_days", "must be at least 1")),
        ({"rendition": "huge"}, ("rendition", "“huge” is none of thumbnail, web, print, original")),
        ({"under_embargo": "maybe"}, ("under_embargo", None)),
        ({"starts": "tomorrow"}, ("starts", "“tomorrow” is no date: write 2026-03-01")),
        ({"starts": "2026-02-30"}, ("starts", "“2026-02-30” is no date: write 2026-03-01")),
        ({"starts": ""}, ("starts", "is missing")),
        ({"reference": ""}, ("reference", "is missing")),
        ({"organisation": "A-9"}, ("organisation", "there is no organisation “A-9”")),
        ({"organisation": ""}, ("organisation", "name a contract, an organisation or a person: one holder")),
        ({"person": "solo@example.com"}, ("organisation", "name a contract, an organisation or a person: one holder")),
        ({"organisation": "", "person": "ghost@example.com"}, ("person", "nobody has the address “ghost@example.com”")),
        ({"contract": "C-9"}, ("contract", "there is no contract “C-9” in these files")),
        ({"contract": "C-1", "organisation": "A-2"}, ("organisation", "is not the contract's")),
    ],
)
def test_what_is_wrong_with_a_licence_is_named_at_its_column(cells, fault):
    (found,) = of_licence(**cells)

    assert found == fault if fault[1] else found[0] == fault[0]


@pytest.mark.parametrize(
    ("files", "fault"),
    [
        ({"organisations": ORGANISATIONS + "A-3;Nowhere;XX\n"}, ("organisations", 4, "country", "“XX” is no country of ISO 3166-1")),
        ({"organisations": ORGANISATIONS + "A-1;Again;TR\n"}, ("organisations", 4, "reference", "stands in the file twice")),
        ({"organisations": ORGANISATIONS + ";No reference;TR\n"}, ("organisations", 4, "reference", "is missing")),
        ({"people": "email\nnobody\nsolo@example.com"}, ("people", 2, "email", "is no e-mail address")),
        ({"people": "email,organisation\nSolo@example.com,A-9\n", "licences": ""}, ("people", 2, "organisation", "there is no organisation “A-9”")),
        ({"people": "email,role\nsolo@example.com,boss\n", "licences": ""}, ("people", 2, "role", "“boss” is none of owner, admin, member, billing")),
        ({"people": "email\nsolo@example.com\nSOLO@example.com\n"}, ("people", 3, "email", "stands in the file twice")),
        ({"contracts": "reference,organisation,starts,ends\nC-1,A-1,2026-02-01,2026-01-01\n", "licences": ""}, ("contracts", 2, "ends", "lies before the start")),
    ],
)  # fmt: skip
def test_what_is_wrong_with_another_row_is_named_at_its_column(files, fault):
    assert faults(**files) == [fault]


def test_a_reference_of_somebody_elses_licence_is_refused():
    a_licence(a_user(), source="contract", source_ref="C-1/1")

    assert faults() == [("licences", 2, "reference", "belongs to somebody else's licence already")]


def test_the_same_file_comes_back_with_a_column_of_errors():
    files = house(organisations=ORGANISATIONS + "A-3;=HYPERLINK(1);XX\n")
    trial = actions.simulate(files)

    text = "".join(actions.with_errors(trial.files[0], trial))
    again = actions.simulate(files | {"organisations.csv": text.encode()})

    assert [row["errors"] for row in csv.DictReader(io.StringIO(text.lstrip("\ufeff")))] == [
        "",
        "",
        "country: “XX” is no country of ISO 3166-1",
    ]
    assert "'=HYPERLINK(1)" in text
    assert again.files[0].rows == trial.files[0].rows
    assert [row.cells for row in again.files[0].rows] == [row.cells for row in trial.files[0].rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1254"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_encodings_and_separators_are_found_out(encoding, separator):
    raw = "reference;name;country\r\nA-1;Günlük Şiğ;TR\r\n".replace(";", separator).encode(encoding)

    found = reading.read(reading.decoded(raw, "organisations.csv"), "organisations.csv")

    assert [(row.line, row.cells) for row in found.rows] == [
        (2, {"reference": "A-1", "name": "Günlük Şiğ", "country": "TR"})
    ]


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("stuff.csv", b"x", "names none of"),
        ("people.csv", b"", "lacks the column email"),
        ("people.csv", b"email;colour\n", "a column nobody knows: colour"),
        ("people.csv", b"email;email\n", "has a column twice"),
        ("people.csv", b"email\na\x00b\n", "is no text"),
        ("people.csv", b"\x81\x8d\x8f\x90", "is no text"),
        ("people.csv", b'email\n"' + b"x" * 200_000 + b'"\n', "is no CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(name, raw, words):
    with pytest.raises(BadFile, match=words):
        actions.simulate({name: raw})


def test_two_files_of_a_kind_are_refused():
    with pytest.raises(BadFile, match="Two files of the same kind"):
        actions.simulate({"people-a.csv": b"email\n", "people-b.csv": b"email\n"})
