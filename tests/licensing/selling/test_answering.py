"""The customer's answer: once, to the very document that was shown."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from newsroom.core.audit import SYSTEM
from newsroom.core.models import Message
from newsroom.licensing.models import Lead, Quote, QuoteAnswer
from newsroom.licensing.selling import answering, approval, quotes, sending
from newsroom.licensing.selling.answering import Signed
from newsroom.licensing.selling.errors import BadOffer, LinkGone
from newsroom.licensing.signals import quote_accepted
from tests.factories import DAY, HOUR, NOON
from tests.licensing.selling.world import VALID_UNTIL, a_seller, a_sent_quote, sent

pytestmark = pytest.mark.django_db
ZEYNEP = Signed("Zeynep Zebra", "Publisher", "192.0.2.7", "Firefox")


def accept(quote, token, at=NOON + HOUR, **facts):
    values = {"signed": ZEYNEP, "agreed": True, "digest": quote.document.digest}
    return answering.accept(token=token, at=at, **values | facts)


@pytest.fixture
def heard():
    told = []

    def hear(*, quote_id, **_):
        told.append(quote_id)

    quote_accepted.connect(hear)
    yield told
    quote_accepted.disconnect(hear)


def test_an_acceptance_says_who_when_from_where_and_to_what(heard, django_capture_on_commit_callbacks):
    quote, token = a_sent_quote()

    with django_capture_on_commit_callbacks(execute=True):
        answer = accept(quote, token)

    quote.refresh_from_db()
    assert (answer.accepted, answer.name, answer.role, answer.at) == (True, "Zeynep Zebra", "Publisher", NOON + HOUR)
    assert (answer.address, answer.user_agent) == ("192.0.2.7", "Firefox")
    assert (answer.document_digest, answer.revision) == (quote.document.digest, 1)
    assert (quote.state, quote.lead.state, heard) == (Quote.State.ACCEPTED, Lead.State.WON, [quote.pk])
    assert set(Message.objects.values_list("kind", flat=True)) >= {"quote_accepted", "quote_answered"}


def test_a_replayed_acceptance_answers_what_was_accepted_and_changes_nothing(heard, django_capture_on_commit_callbacks):
    quote, token = a_sent_quote()
    first = accept(quote, token)
    mails = Message.objects.count()

    with django_capture_on_commit_callbacks(execute=True):
        again = accept(quote, token, at=VALID_UNTIL + DAY, signed=Signed("Mallory", "Thief", None, ""), digest="")
        declined = answering.decline(
            token=token, signed=ZEYNEP, reason="Changed my mind.", digest=quote.document.digest, at=NOON + DAY
        )

    assert (again, declined) == (first, first)
    assert (QuoteAnswer.objects.get().name, Message.objects.count(), heard) == ("Zeynep Zebra", mails, [])


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"signed": Signed(" ", "Publisher", None, "")}, "name"),
        ({"signed": Signed("Zeynep", "", None, "")}, "role"),
        ({"agreed": False}, "agreed"),
        ({"digest": "0" * 64}, "digest"),
        ({"digest": ""}, "digest"),
    ],
)
def test_an_acceptance_that_lacks_something_is_none(facts, field):
    quote, token = a_sent_quote()

    with pytest.raises(BadOffer) as refusal:
        accept(quote, token, **facts)

    quote.refresh_from_db()
    assert (refusal.value.field, quote.state, QuoteAnswer.objects.count()) == (field, "sent", 0)


def test_a_link_holds_until_the_second_the_offer_ends():
    quote, token = a_sent_quote()

    with pytest.raises(LinkGone, match="expired"):
        accept(quote, token, at=VALID_UNTIL)
    assert accept(quote, token, at=VALID_UNTIL - timedelta(seconds=1)).accepted


@pytest.mark.parametrize("token", ["", "x", "A" * 22, "a' OR 1=1"])
def test_a_tampered_link_opens_nothing(token):
    quote, _token = a_sent_quote()

    assert answering.by_token(token) is None
    with pytest.raises(LinkGone, match="opens no offer"):
        accept(quote, token)


def test_a_draft_has_no_link_that_an_empty_token_would_open():
    assert answering.by_token("") is None


def test_superseded_and_withdrawn_offers_are_not_accepted():
    seller = a_seller()
    first, token = a_sent_quote(seller)
    second = quotes.revise(quote=first, valid_until=VALID_UNTIL, by=SYSTEM, at=NOON)
    second, newer = sent(approval.submit(quote=second, seller=seller, at=NOON), seller)

    with pytest.raises(LinkGone, match="newer revision"):
        accept(first, token)
    sending.withdraw(quote=second, why="A slip.", by=SYSTEM, at=NOON)
    with pytest.raises(LinkGone, match="withdrawn"):
        accept(second, newer)


def test_a_new_link_closes_the_one_before():
    quote, token = a_sent_quote()

    sending.renew_link(quote=quote, by=SYSTEM, at=NOON)
    newer = Message.objects.filter(kind="quote_sent").latest("pk").text.partition("/offers/")[2].partition("/")[0]

    assert (answering.by_token(token), answering.by_token(newer)) == (None, quote)


def test_an_offer_is_declined_with_a_reason():
    quote, token = a_sent_quote()
    values = {"token": token, "signed": Signed("", "", None, ""), "digest": quote.document.digest, "at": NOON}

    with pytest.raises(BadOffer) as refusal:
        answering.decline(reason=" ", **values)
    answer = answering.decline(reason="Too dear.", **values)

    quote.refresh_from_db()
    assert (refusal.value.field, answer.accepted, answer.reason) == ("reason", False, "Too dear.")
    assert (quote.state, quote.lead.state) == (Quote.State.DECLINED, Lead.State.QUOTED)


def test_the_database_keeps_one_answer_as_it_was_given():
    quote, token = a_sent_quote()
    answer = accept(quote, token)

    with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
        QuoteAnswer.objects.filter(pk=answer.pk).update(name="Mallory")
    with pytest.raises(DatabaseError, match="quote_id"), transaction.atomic():
        QuoteAnswer.objects.create(quote=quote, accepted=False, at=NOON, revision=1)
