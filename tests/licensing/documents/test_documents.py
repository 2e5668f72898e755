"""Numbers without gaps, hashes that hold, papers that do not change, and what anybody may know of them."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from newsroom.core.audit import SYSTEM
from newsroom.core.models import AuditEntry
from newsroom.licensing.documents import actions, typeset
from newsroom.licensing.documents.shape import BadDocument
from newsroom.licensing.documents.verify import Standing, look_up, masked
from newsroom.licensing.models import Document, DocumentFile, Kind
from tests.factories import DAY, NOON, an_organisation

pytestmark = pytest.mark.django_db


def a_paper(**facts):
    paper = {
        "title": "Quote",
        "parties": [{"role": "Customer", "name": "Daily Zebra", "lines": ["Zebra Street 1"]}],
        "sections": [{"heading": "Lines", "paragraphs": ["Sport, in full."], "facts": [["Price", "€12,000.00"]]}],
    }
    return paper | facts


def a_document(kind=Kind.QUOTE, at=NOON, **facts):
    paper = facts.pop("data", None) or a_paper()
    values = {"subject": an_organisation(), "locale": "en", "by": SYSTEM} | facts
    return actions.issue(kind=kind, data=paper, at=at, **values)


def test_each_kind_and_year_is_numbered_from_one_without_gaps():
    numbers = [a_document(kind, at).number for kind, at in [(Kind.QUOTE, NOON), (Kind.CONTRACT, NOON)]]
    with transaction.atomic():
        undone = a_document().number
        transaction.set_rollback(True)

    numbers += [a_document().number, a_document(at=datetime(2026, 12, 31, 22, tzinfo=UTC)).number]

    assert undone == "Q-2026-00002"
    assert numbers == ["Q-2026-00001", "C-2026-00001", "Q-2026-00002", "Q-2027-00001"]


def test_the_hash_is_over_all_that_is_said_and_over_nothing_else():
    subject = an_organisation()
    with transaction.atomic():
        first = a_document(subject=subject)
        transaction.set_rollback(True)
    with transaction.atomic():
        changed = a_document(subject=subject, data=a_paper(title="Offer"))
        transaction.set_rollback(True)

    again = a_document(subject=subject)

    assert first.digest == again.digest != changed.digest
    assert AuditEntry.objects.get(action="document.issued").facts == {"number": again.number, "digest": again.digest}


@pytest.mark.parametrize("change", [{"digest": "0" * 64}, {"data": {}}, {"number": "Q-2026-99999"}])
def test_the_database_changes_no_document(change):
    document = a_document()

    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(**change)
    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        Document.objects.filter(pk=document.pk).delete()


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"data": a_paper(title=" ")}, "title"),
        ({"data": a_paper(parties=[{"role": "Customer", "name": ""}])}, "parties"),
        ({"data": a_paper(price=1)}, "price"),
        ({"data": a_paper(facts=[["Price", 1.5]])}, "facts"),
        ({"data": a_paper(subtitle="a\x00b")}, "subtitle"),
        ({"data": a_paper(sections=[{"table": {"columns": [{"label": "A"}], "rows": [["a", "b"]]}}])}, "sections"),
        ({"locale": "tlh"}, "locale"),
        ({"kind": "poem"}, "kind"),
        ({"valid_until": NOON - DAY}, "valid_until"),
    ],
)
def test_what_cannot_be_a_document_is_named(facts, field):
    with pytest.raises(BadDocument) as refusal:
        a_document(**facts)

    assert (refusal.value.field, Document.objects.count()) == (field, 0)


@pytest.mark.parametrize("locale", ["en", "tr", "ar", "fr"])
@pytest.mark.parametrize("kind", [Kind.QUOTE, Kind.CERTIFICATE])
def test_the_same_document_gives_the_same_bytes(kind, locale):
    document = a_document(kind, locale=locale, data=a_paper(subtitle="صحيفة الخليج · Işık Gazetesi"))

    made = typeset.typeset(document)

    assert made == typeset.typeset(document) == typeset.pdf(document)
    assert made.startswith(b"%PDF-1.7")


def test_a_pdf_is_typeset_once_and_kept(monkeypatch):
    document = a_document()
    first = typeset.pdf(document)
    monkeypatch.setattr(typeset, "STANDARD", "nothing typeset anew would know")

    assert typeset.pdf(document) == first
    assert DocumentFile.objects.get().pk == document.pk


def test_words_of_a_customer_are_text_and_never_markup():
    document = a_document(data=a_paper(subtitle="#panic() $x$ *bold* `raw` @ref <label> \\ // ["))

    assert typeset.typeset(document).startswith(b"%PDF")


def test_by_number_alone_names_are_masked_and_with_the_hash_they_are_shown():
    document = a_document()

    alone = look_up(asked=document.number.lower(), at=NOON)
    wrong = look_up(asked=document.number, check="0" * 16, at=NOON)
    short = look_up(asked=document.number, check=document.digest[:15], at=NOON)
    printed = look_up(asked=document.number, check=document.digest[:16], at=NOON)
    by_hash = look_up(asked=document.digest.upper(), at=NOON)

    assert [each.parties for each in (alone, wrong, short)] == [("D•••• Z••••",)] * 3
    assert {each.digest for each in (alone, wrong, short)} == {""}
    assert printed == by_hash
    assert (printed.parties, printed.digest, printed.genuine) == (("Daily Zebra",), document.digest, True)


@pytest.mark.parametrize("asked", ["", "Q-2026-00009", "0" * 64, "Q-2026-00001; DROP", "../etc"])
def test_what_was_never_issued_is_not_found(asked):
    a_document()

    assert look_up(asked=asked, at=NOON) is None


def test_what_anybody_may_know_holds_no_price_and_no_text():
    document = a_document()

    told = repr(look_up(asked=document.number, check=document.digest, at=NOON))

    assert [word for word in ("12,000", "in full", "Zebra Street") if word in told] == []


def test_a_document_holds_until_it_lapses_is_superseded_or_revoked():
    first = a_document(valid_until=NOON + 2 * DAY)
    second = a_document(at=NOON + DAY, replaces=first)
    actions.revoke(document=second, why="Issued by mistake.", by=SYSTEM, at=NOON + 3 * DAY)

    def standing(document, at):
        told = look_up(asked=document.number, at=at)
        return told.standing, told.since, told.successor

    assert standing(first, NOON) == (Standing.IN_FORCE, None, "")
    assert standing(first, NOON + 2 * DAY) == (Standing.SUPERSEDED, NOON + DAY, second.number)
    assert standing(second, NOON + 2 * DAY) == (Standing.IN_FORCE, None, "")
    assert standing(second, NOON + 3 * DAY) == (Standing.REVOKED, NOON + 3 * DAY, "")
    third = a_document(valid_until=NOON + DAY)
    assert standing(third, NOON + DAY) == (Standing.LAPSED, NOON + DAY, "")


def test_to_revoke_twice_is_to_revoke_once():
    document = a_document()
    for _ in range(2):
        actions.revoke(document=document, why="Once.", by=SYSTEM, at=NOON)

    assert AuditEntry.objects.filter(action="document.revoked").count() == 1


def test_a_mask_keeps_the_first_letters():
    assert [masked(name) for name in ("Anka", "صحيفة الخليج", "")] == ["A••••", "ص•••• ا••••", ""]
