import pytest

from newsroom.core.models import Message
from tests.factories import NOON

pytestmark = pytest.mark.django_db


def a_message(**facts):
    values = {"key": "k", "kind": "receipt", "to": "ada@example.com", "locale": "en", "subject": "Welcome <Ada>"}
    values |= {"text": "Go to http://127.0.0.1:8000/x/?a=1&b=2 <script>", "html": "<p>Welcome</p>"}
    return Message.objects.create(**values | facts, next_attempt_at=NOON, created_at=NOON)


def test_the_mailbox_lists_every_mail_and_those_of_one_address(client):
    a_message()
    a_message(key="2", to="bob@example.com", subject="Invoice")
    assert client.get("/demo/mailbox/").content.count(b"<tr><td>") == 2
    page = client.get("/demo/mailbox/", {"to": "BOB@example.com"}).content.decode()
    assert "Invoice" in page
    assert "Welcome" not in page


def test_an_empty_mailbox_says_so(client):
    assert b"No mail yet" in client.get("/demo/mailbox/").content


def test_a_mails_links_can_be_followed_and_nothing_in_it_runs(client):
    page = client.get(f"/demo/mailbox/{a_message().pk}/").content.decode()
    assert 'href="http://127.0.0.1:8000/x/?a=1&amp;b=2"' in page
    assert "&lt;script&gt;" in page
    assert client.get("/demo/mailbox/999/").status_code == 404


def test_the_mail_as_html_runs_and_loads_nothing(client):
    response = client.get(f"/demo/mailbox/{a_message().pk}/html/")
    assert response.content == b"<p>Welcome</p>"
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none';")
    assert "sandbox" in policy
