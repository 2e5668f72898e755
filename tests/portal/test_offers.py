"""An offer on the public site: read, accepted, declined, over; and documents verified by anybody."""

import pytest
from django.test import Client

from newsroom.core.audit import SYSTEM
from newsroom.licensing.models import Quote, QuoteAnswer
from newsroom.licensing.selling import approval, quotes, sending
from newsroom.portal.views import offers, verify
from tests.factories import HOUR, NOON
from tests.licensing.selling.world import VALID_UNTIL, a_seller, a_sent_quote, sent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def noon(monkeypatch):
    def at(moment):
        for module in (offers, verify):
            monkeypatch.setattr(module, "now", lambda: moment)

    at(NOON + HOUR)
    return at


def accept(token, quote, **facts):
    values = {"name": "Zeynep Zebra", "role": "Publisher", "agreed": "on", "digest": quote.document.digest}
    form = {name: value for name, value in (values | facts).items() if value is not None}
    return Client(headers={"user-agent": "Firefox"}).post(f"/offers/{token}/accept/", form)


def test_the_page_shows_the_very_document_and_the_pdf():
    quote, token = a_sent_quote()

    page = Client().get(f"/offers/{token}/")
    pdf = Client().get(f"/offers/{token}/offer.pdf")

    text = page.content.decode()
    assert all(word in text for word in ("Q-2026-00001", "€12,000.00", "Daily Zebra", quote.document.digest))
    assert (pdf.status_code, pdf["Content-Type"], pdf.content[:5]) == (200, "application/pdf", b"%PDF-")
    for answer in (page, pdf):
        assert (answer["Cache-Control"], answer["X-Robots-Tag"]) == ("private, no-store", "noindex, nofollow")
        assert answer["Referrer-Policy"] == "same-origin"


def test_looking_accepts_nothing():
    quote, token = a_sent_quote()

    statuses = [Client().get(f"/offers/{token}/{deed}/").status_code for deed in ("accept", "decline")]

    assert (statuses, QuoteAnswer.objects.count(), quote.state) == ([405, 405], 0, "sent")


def test_the_customer_accepts_and_what_was_accepted_stays_to_be_read():
    quote, token = a_sent_quote()

    first = accept(token, quote)
    again = accept(token, quote, name="Mallory")
    empty = Client().post(f"/offers/{token}/accept/")
    page = Client().get(f"/offers/{token}/").content.decode()

    answer = QuoteAnswer.objects.get()
    assert [each.url for each in (first, again, empty)] == [f"/offers/{token}/"] * 3
    assert (answer.name, answer.role, answer.address, answer.user_agent) == (
        "Zeynep Zebra",
        "Publisher",
        "127.0.0.1",
        "Firefox",
    )
    assert ("This offer was accepted." in page, "<form" in page.partition("<main")[2].partition("</main")[0]) == (
        True,
        False,
    )


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"name": ""}, ["name"]),
        ({"role": None}, ["role"]),
        ({"agreed": None}, ["agreed"]),
        ({"digest": "0" * 64}, ["__all__"]),
        ({"digest": None}, ["digest"]),
    ],
)
def test_what_is_wrong_is_said_at_its_field(facts, fields):
    quote, token = a_sent_quote()

    answer = accept(token, quote, **facts)

    assert (answer.status_code in {400, 409}, list(answer.context["accepting"].errors)) == (True, fields)
    assert (QuoteAnswer.objects.count(), Quote.objects.get().state) == (0, "sent")


def test_the_customer_declines_with_a_reason():
    quote, token = a_sent_quote()
    form = {"reason": "", "digest": quote.document.digest}

    without = Client().post(f"/offers/{token}/decline/", form)
    Client().post(f"/offers/{token}/decline/", form | {"reason": "Too dear."})
    page = Client().get(f"/offers/{token}/").content.decode()

    assert (without.status_code, list(without.context["declining"].errors)) == (400, ["reason"])
    assert (Quote.objects.get().state, "This offer was declined." in page) == ("declined", True)


@pytest.mark.parametrize("path", ["", "accept/", "decline/", "offer.pdf"])
def test_a_link_that_was_tampered_with_opens_nothing(path):
    _quote, token = a_sent_quote()
    tampered = token[:-1] + ("A" if token[-1] != "A" else "B")

    answer = Client().generic(
        "POST" if path.endswith("t/") or path == "decline/" else "GET", f"/offers/{tampered}/{path}"
    )

    assert (answer.status_code, b"Daily Zebra" in answer.content) == (404, False)


def test_an_expired_an_old_and_a_withdrawn_link_each_say_so(noon):
    seller = a_seller()
    first, old = a_sent_quote(seller)
    second = quotes.revise(quote=first, valid_until=VALID_UNTIL, by=SYSTEM, at=NOON)
    second, new = sent(approval.submit(quote=second, seller=seller, at=NOON), seller)

    superseded = Client().get(f"/offers/{old}/")
    noon(VALID_UNTIL)
    expired = Client().get(f"/offers/{new}/")
    pressed = accept(new, second)
    noon(NOON + HOUR)
    sending.withdraw(quote=second, why="A slip.", by=SYSTEM, at=NOON)
    withdrawn = Client().get(f"/offers/{new}/")

    for answer, words in [
        (superseded, "A newer offer took the place of this one"),
        (expired, "This offer has expired"),
        (pressed, "This offer has expired"),
        (withdrawn, "This offer was withdrawn"),
    ]:
        assert (answer.status_code, words in answer.content.decode()) == (410, True)
    assert QuoteAnswer.objects.count() == 0


def test_anybody_may_ask_whether_a_document_holds():
    quote, _token = a_sent_quote()
    number, digest = quote.document.number, quote.document.digest

    by_number = Client().get(f"/verify/{number}/").content.decode()
    printed = Client().get(f"/verify/{number}/?check={digest[:16]}").content.decode()
    by_hash = Client().get(f"/verify/?number={digest}").content.decode()
    unknown = Client().get("/verify/Q-2026-99999/")

    assert ("D•••• Z••••" in by_number, "Daily Zebra" in by_number, digest in by_number) == (True, False, False)
    for page in (printed, by_hash):
        assert ("Daily Zebra" in page, "ours and in force" in page, "12,000" in page) == (True, True, False)
    assert (unknown.status_code, "never issued" in unknown.content.decode()) == (404, True)
    assert Client().get("/verify/").status_code == 200


def test_nobody_walks_through_the_numbers(monkeypatch):
    monkeypatch.setattr(verify, "MOST", 2)

    assert [Client().get("/verify/Q-2026-00001/").status_code for _ in range(3)] == [404, 404, 429]
