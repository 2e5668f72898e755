"""Two people press at the same moment. Transactional: in a run of its own, for it empties the tables."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from newsroom.core.audit import SYSTEM
from newsroom.licensing.documents import actions as documents
from newsroom.licensing.models import Document, Kind, QuoteAnswer
from newsroom.licensing.selling.answering import Signed
from tests.factories import NOON, an_organisation
from tests.licensing.documents.test_documents import a_paper
from tests.licensing.selling.test_answering import accept
from tests.licensing.selling.world import a_sent_quote


def at_once(deed, people=4):
    """Everybody does it at the same moment; answers what each got."""
    barrier, found = Barrier(people), []

    def one(number):
        barrier.wait()
        try:
            found.append(deed(number))
        finally:
            connection.close()

    threads = [Thread(target=one, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_of_several_acceptances_at_once_one_is_taken():
    quote, token = a_sent_quote()

    taken = at_once(lambda number: accept(quote, token, signed=Signed(f"Person {number}", "Publisher", None, "")).pk)

    assert taken == [QuoteAnswer.objects.get().pk] * 4


@pytest.mark.django_db(transaction=True)
def test_documents_issued_at_once_are_numbered_without_gaps():
    subject = an_organisation()
    values = {"kind": Kind.EVIDENCE, "subject": subject, "data": a_paper(), "locale": "en", "by": SYSTEM, "at": NOON}

    numbers = at_once(lambda _number: documents.issue(**values).number)

    assert sorted(numbers) == [f"E-2026-0000{each}" for each in range(1, 5)]
    assert Document.objects.count() == 4
