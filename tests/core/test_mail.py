import smtplib
from datetime import timedelta

import pytest
from django.core import mail as django_mail

from newsroom.core import mail
from newsroom.core.models import Message, Suppression
from tests.factories import HOUR, NOON

pytestmark = pytest.mark.django_db
BODY = {"subject.txt": "Hello {{ name }}\n again", "txt": "Read {{ name }}", "html": "<p>{{ name }}</p>"}


@pytest.fixture(autouse=True)
def templates(settings, tmp_path):
    (tmp_path / "mail").mkdir()
    for kind in ("alert", "receipt"):
        for end, text in BODY.items():
            (tmp_path / "mail" / f"{kind}.{end}").write_text(text)
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [str(tmp_path)]}]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def post(key="k", kind="receipt", to="reader@example.com", name="<Ada>"):
    return mail.post(key=key, to=to, kind=kind, locale="en", context={"name": name}, at=NOON)


def test_the_same_key_twice_is_one_message():
    assert post() == post(name="another")
    assert Message.objects.values_list("subject", "text", "html").get() == (
        "Hello <Ada> again",
        "Read <Ada>",
        "<p>&lt;Ada&gt;</p>",
    )


def test_a_message_is_sent_once_however_often_its_task_runs():
    message = post()
    for minutes in (0, 1, 60):
        mail.deliver(message_id=message.pk, at=NOON + timedelta(minutes=minutes))
    assert [sent.to for sent in django_mail.outbox] == [["reader@example.com"]]
    assert Message.objects.get().state == "sent"


def test_a_mail_server_that_is_away_is_asked_again_at_most_eight_times(monkeypatch):
    message = post()

    def away(*_args, **_kwargs):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", away)
    states = []
    for hour in range(10):
        mail.deliver(message_id=message.pk, at=NOON + hour * HOUR)
        states.append(Message.objects.get().state)
    assert states == ["queued"] * 7 + ["failed"] * 3
    assert Message.objects.get().attempts == 8


def test_optional_mail_carries_one_click_unsubscribe_which_stops_that_kind_only(client):
    message = post(kind="alert")
    mail.deliver(message_id=message.pk, at=NOON)
    headers = django_mail.outbox[0].extra_headers
    address = headers["List-Unsubscribe"].strip("<>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = address.partition("8000")[2]

    assert client.get(path).status_code == 200
    assert not Suppression.objects.exists()
    assert client.post(path).status_code == 200

    assert post(key="2", kind="alert").state == "suppressed"
    assert post(key="3").state == "queued"


def test_an_unknown_unsubscribe_link_says_so(client):
    assert client.get("/unsubscribe/nothing/").status_code == 404
    assert client.post("/unsubscribe/nothing/").status_code == 404


def test_nothing_more_goes_to_an_address_that_bounced():
    waiting = post()
    mail.bounced(address="Reader@Example.com", reason="550 no such user", at=NOON)
    waiting.refresh_from_db()
    assert (waiting.state, post(key="2").state) == ("bounced", "suppressed")
