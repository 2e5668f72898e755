"""Evidence packs: whole, true to the moment of each use, and hashed."""

import csv
import hashlib
import io
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from newsroom.accounts.models import FormerName
from newsroom.core.models import AuditEntry
from newsroom.licensing import actions, evidence
from newsroom.licensing.documents import typeset, verify
from newsroom.licensing.evidence import Asked, NothingAsked
from newsroom.licensing.models import EvidencePack, Usage
from newsroom.licensing.rules import Audience, Source
from newsroom.licensing.usage_reports.periods import Days
from newsroom.wire import actions as wire
from newsroom.wire.rules import Signal
from tests.factories import DAY, HOUR, NOON, a_draft, a_licence, a_release, a_user, an_organisation
from tests.licensing.ledgers import a_use

MARCH = Days(date(2026, 3, 1), date(2026, 3, 31), ZoneInfo("Europe/Istanbul"))


def told(pack: EvidencePack) -> list[dict[str, str]]:
    with storages["vault"].open(pack.file) as file:
        return list(csv.DictReader(io.StringIO(file.read().decode("utf-8-sig"))))


def assemble(at=NOON + DAY, **asked):
    return evidence.assemble(asked=Asked(**asked), locale="en", by=a_user(name="Sam Seller").actor, at=at)


@pytest.mark.django_db
def test_a_row_says_who_received_which_version_how_and_under_which_clause():
    paper, person = an_organisation("Daily Zebra"), a_user(name="Ada Reader")
    licence = a_licence(paper, source=Source.CONTRACT, source_ref="C-1/2", clause="May print.")
    first = a_release(uri="urn:story")
    a_use(licence, first, NOON, user=person, use="publish", channel="print", format="ninjs", request_id="r-1")
    second = wire.release(draft=a_draft(uri="urn:story"), signal=Signal.UPDATE, by=person.actor, at=NOON)

    (row,) = told(assemble(item=second.item))

    assert row == {
        "time_utc": "2026-03-03T12:00:00.000000Z",
        "time_desk": "2026-03-03T15:00:00+03:00",
        "uri": "urn:story",
        "version": "1",
        "signal": "new",
        "sequence": str(first.sequence),
        "person_id": str(person.pk),
        "person": "Ada Reader",
        "organisation_id": str(paper.pk),
        "organisation": "Daily Zebra",
        "use": "publish",
        "channel": "print",
        "format": "ninjs",
        "licence": "contract C-1/2",
        "licence_version": "1",
        "clause": "May print.",
        "request_id": "r-1",
        "ledger_key": Usage.objects.get().key,
    }


@pytest.mark.django_db
def test_a_clause_and_names_are_those_of_the_time_of_the_use():
    paper, person = an_organisation("Old Name"), a_user(name="Ada Before")
    licence, made = a_licence(paper, clause="Old clause."), a_release()
    a_use(licence, made, NOON, user=person)
    a_use(licence, made, NOON + HOUR, user=person, version=None)
    actions.start(
        source=Source(licence.source), source_ref=licence.source_ref, holder=paper, uses=["read"], products=None,
        starts_at=NOON - DAY, ends_at=NOON + DAY, clause="New clause.", by=person.actor, at=NOON + 2 * HOUR,
    )  # fmt: skip
    paper.name, person.name = "New Name", "Ada After"
    paper.save()
    person.save()

    rows = told(assemble(item=made.item))

    assert [(row["organisation"], row["person"], row["clause"]) for row in rows] == [
        ("Old Name", "Ada Before", "Old clause.")
    ] * 2
    assert FormerName.objects.count() == 2


@pytest.mark.django_db
def test_the_pack_its_document_and_the_audit_carry_the_files_hash():
    made = a_release()
    a_use(a_licence(an_organisation()), made, NOON)

    pack = assemble(item=made.item)

    with storages["vault"].open(pack.file) as file:
        digest = hashlib.sha256(file.read()).hexdigest()
    line = AuditEntry.objects.get(action="evidence.made")
    known = verify.look_up(asked=pack.document.number, at=NOON + DAY)
    assert (pack.digest, line.facts["file"], line.facts["document"]) == (digest, digest, pack.document.digest)
    assert ["SHA-256 of the file with all rows", digest] in pack.document.data["facts"]
    assert known is not None
    assert known.genuine
    assert typeset.pdf(pack.document).startswith(b"%PDF")


@pytest.mark.django_db
def test_what_nobody_in_particular_read_is_only_counted():
    meter, made = a_licence(Audience.EVERYONE, source=Source.METER), a_release()
    for _ in range(3):
        a_use(meter, made, NOON)
    a_use(a_licence(an_organisation()), made, NOON)

    pack = assemble(item=made.item)

    assert (pack.rows, pack.anonymous, len(told(pack))) == (1, 3, 1)


@pytest.mark.django_db
def test_a_pack_is_about_a_story_or_a_customer():
    with pytest.raises(NothingAsked):
        Asked(days=MARCH)


@pytest.mark.django_db
def test_a_pack_is_never_changed():
    pack = assemble(organisation=an_organisation(), days=MARCH)

    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        EvidencePack.objects.filter(pk=pack.pk).update(rows=7)


@pytest.mark.django_db
def test_words_that_look_like_formulas_are_words_in_the_file():
    made = a_release()
    a_use(a_licence(an_organisation("=1+1"), clause="@SUM(A1)"), made, NOON)

    (row,) = told(assemble(item=made.item))

    assert (row["organisation"], row["clause"]) == ("'=1+1", "'@SUM(A1)")


class ATotalEqualsItsRows(TestCase):
    """Over random ledgers."""

    @settings(max_examples=12, deadline=None, derandomize=True)
    @given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(-60, 60)), max_size=12))
    def test_listed_and_counted_uses_are_all_there_are(self, lines):
        made, paper = [a_release(), a_release()], an_organisation()
        holders = [a_licence(paper), a_licence(a_user()), a_licence(Audience.EVERYONE, source=Source.METER)]
        for holder, story, days in lines:
            a_use(holders[holder], made[story], NOON + days * DAY)
        at = NOON + 5 * DAY
        about = [{"item": made[0].item}, {"organisation": paper, "days": MARCH}, {"item": made[1].item, "days": MARCH}]
        wanted = [
            Usage.objects.filter(at__lte=at, item=made[0].item),
            Usage.objects.filter(at__lte=at, licence=holders[0], at__gte=MARCH.starts_at),
            Usage.objects.filter(at__lte=at, item=made[1].item, at__gte=MARCH.starts_at),
        ]

        for asked, ledger in zip(about, wanted, strict=True):
            pack = assemble(at=at, **asked)
            assert (len(told(pack)), pack.rows + pack.anonymous) == (pack.rows, ledger.count())
