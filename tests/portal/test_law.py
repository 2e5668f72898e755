"""Withdrawing and cancelling on the site: two steps, no sign-in, one answer for everybody."""

import re

import pytest
from django.test import Client

from newsroom.billing.models import Declaration
from newsroom.core.clock import now
from newsroom.core.models import Message
from newsroom.portal.views import law
from tests.factories import a_user
from tests.portal.paying import a_subscription, client_of, text

pytestmark = pytest.mark.django_db
FORM = {"name": "Ayşe Yılmaz", "email": "ayse@example.com", "contract": "Reader"}
KINDS = [("withdraw", "Confirm withdrawal"), ("cancel", "Cancel now")]


def sealed(response) -> str:
    found = re.search(r'name="sealed" value="([^"]+)"', response.content.decode())
    assert found, text(response)
    return found[1]


def both_steps(client: Client, kind: str = "withdraw", **form: str):
    second = client.post(f"/{kind}/", FORM | form)
    return client.post(f"/{kind}/", {"sealed": sealed(second), "confirmed": "yes"})


@pytest.mark.parametrize(("kind", "button"), KINDS)
def test_two_steps_declare_and_the_second_shows_what_is_declared(client, kind, button):
    first = client.get(f"/{kind}/")
    second = client.post(f"/{kind}/", FORM)
    assert Declaration.objects.count() == 0

    done = client.post(f"/{kind}/", {"sealed": sealed(second), "confirmed": "yes"}, follow=True)

    assert [first.status_code, second.status_code, done.status_code] == [200, 200, 200]
    assert all(part in text(second) for part in (*FORM.values(), button))
    declared = Declaration.objects.get()
    assert (declared.kind, declared.name, declared.email, declared.contract) == (kind, *FORM.values())
    assert "We have received your" in text(done)
    assert Message.objects.get().to == "ayse@example.com"


def test_both_are_linked_at_the_foot_of_every_page(client):
    page = client.get("/about/").content.decode()

    assert [f'href="/{kind}/"' in page for kind, _button in KINDS] == [True, True]


def test_a_known_and_an_unknown_address_are_answered_alike(client):
    a_subscription(a_user(email="ayse@example.com"))

    known, unknown = both_steps(client), both_steps(client, email="nobody@example.com")

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url) == (302, "/withdraw/received/")
    first, second = client.get(known.url), client.get(unknown.url)
    assert text(first) == text(second)
    assert sorted(Message.objects.values_list("to", "kind")) == [
        ("ayse@example.com", "declaration_receipt"),
        ("nobody@example.com", "declaration_receipt"),
    ]


@pytest.mark.parametrize(
    ("form", "field"),
    [({"name": ""}, "name"), ({"email": "nobody"}, "email"), ({"contract": "x" * 201}, "contract")],
)
def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(client, form, field):
    answer = client.post("/withdraw/", FORM | form)

    assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
    kept = {name: answer.context["form"][name].value() for name in FORM}
    assert kept == FORM | form
    assert Declaration.objects.count() == 0


@pytest.mark.parametrize("seal", ["", "wrong", "a:b:c"])
def test_a_seal_of_another_hand_declares_nothing(client, seal):
    answer = client.post("/withdraw/", {"sealed": seal, "confirmed": "yes"})

    assert (answer.status_code, Declaration.objects.count()) == (400, 0)
    assert "open for too long" in text(answer)


def test_a_cancellation_cannot_be_turned_into_a_withdrawal(client):
    seal = sealed(client.post("/cancel/", FORM))

    assert client.post("/withdraw/", {"sealed": seal, "confirmed": "yes"}).status_code == 400
    assert Declaration.objects.count() == 0


def test_pressed_twice_it_is_declared_once(client):
    seal = sealed(client.post("/withdraw/", FORM))

    for _ in range(2):
        assert client.post("/withdraw/", {"sealed": seal, "confirmed": "yes"}).status_code == 302

    assert (Declaration.objects.count(), Message.objects.count()) == (1, 1)


def test_too_many_from_one_place_or_to_one_mailbox_wait(client, monkeypatch):
    monkeypatch.setattr(law, "MOST_OF_MAILBOX", 2)
    answers = [both_steps(client).status_code for _ in range(3)]
    assert answers == [302, 302, 429]

    monkeypatch.setattr(law, "MOST_OF_ADDRESS", 3)
    assert both_steps(client, email="other@example.com").status_code == 429
    assert Declaration.objects.count() == 2


def test_who_is_signed_in_finds_their_name_there():
    user = a_user(email="ayse@example.com", name="Ayşe Yılmaz")

    form = client_of(user).get("/withdraw/").context["form"]

    assert (form["name"].value(), form["email"].value()) == ("Ayşe Yılmaz", "ayse@example.com")


def test_the_link_shows_the_declaration_and_looking_carries_nothing_out(client):
    a_subscription(a_user(email="ayse@example.com"))
    both_steps(client)
    found = re.search(r"/declaration/[-\w]+/", Message.objects.get().text)
    assert found

    page = client.get(found[0])

    assert (page.status_code, "Was it you who withdrew?" in text(page)) == (200, True)
    assert Declaration.objects.get().confirmed_at is None
    assert "no-store" in page["Cache-Control"]


def test_a_link_that_nobody_was_sent_is_not_there(client):
    page = client.get("/declaration/unknown/")

    assert (page.status_code, "There is nothing to confirm here" in text(page)) == (404, True)
    assert client.post("/declaration/unknown/").status_code == 404


def test_the_receipt_in_turkish_names_the_moment(client):
    at = now()
    client.cookies["language"] = "tr"
    both_steps(client)

    assert f"{at:%H:%M}" in Message.objects.get().text
