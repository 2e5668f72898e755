"""Withdrawing and cancelling: what is declared, by whom, when; and what comes of it."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from newsroom.billing import tasks
from newsroom.billing.law import declaring, executing
from newsroom.billing.law.declaring import DeadLink, Words
from newsroom.billing.models import Account, Declaration, Matter, Payment, Refund
from newsroom.core.clock import now
from newsroom.core.models import Message
from newsroom.wire.rules import Tier
from tests.billing.lines import Failing
from tests.billing.shop import decision, the_subscription
from tests.factories import a_user, an_item

pytestmark = pytest.mark.django_db(databases=["default", "sandbox"])
FULL, SUMMARY = Tier.FULL, Tier.SUMMARY


def words(email: str, kind: str = "withdraw", **facts) -> Words:
    return Words(kind, facts.pop("nonce", uuid4()), "Ayşe Yılmaz", email, "Reader", "en")


def of_country(user, country: str) -> None:
    Account.objects.filter(user=user).update(country=country)


def mail(kind: str) -> Message:
    return Message.objects.get(kind=kind)


def link(message: Message) -> str:
    found = re.search(r"/declaration/([-\w]+)/", message.text)
    assert found, message.text
    return found[1]


def test_who_is_signed_in_withdraws_at_once_and_gets_a_share_back(shop):
    user, item = shop.subscriber(), an_item(at=now())
    of_country(user, "DE")
    shop.pass_time(days=3)

    declared = shop.withdraw(user)
    shop.hear_all()

    declared.refresh_from_db()
    held, refund = the_subscription(user), Refund.objects.get()
    assert (declared.outcome, declared.refund_minor, refund.amount_minor) == (
        "withdrawn",
        refund.amount_minor,
        refund.amount_minor,
    )
    share = (held.current_period_end - declared.declared_at) / (held.current_period_end - held.current_period_start)
    assert refund.amount_minor == pytest.approx(990 * share, abs=1)
    assert (decision(user, item).tier, held.status) == (SUMMARY, "canceled")
    assert Matter.objects.filter(settled_at=None).count() == 0
    assert str(declared.refund) in mail("declaration_done").text


def test_in_turkiye_all_of_it_goes_back(shop):
    user = shop.subscriber()
    of_country(user, "TR")
    shop.pass_time(days=13)

    shop.withdraw(user)
    shop.hear_all()

    payment = Payment.objects.get()
    assert (payment.refunded_minor, payment.amount_minor) == (990, 990)


def test_the_receipt_has_content_day_and_time(shop):
    user = shop.subscriber(email="ayse@example.com")

    declared = shop.withdraw(user)

    receipt = mail("declaration_receipt")
    assert receipt.to == "ayse@example.com"
    for part in (f"{declared.declared_at:%H:%M:%S} UTC", str(declared.nonce), "ayse@example.com", "withdraw"):
        assert part in receipt.text


def test_without_sign_in_the_link_proves_who_it_was_and_the_time_is_that_of_the_declaration(shop):
    user, item = shop.subscriber(email="ayse@example.com"), an_item(at=now())
    of_country(user, "DE")
    declared = declaring.declare(words=words("Ayse@Example.com"), user=None, at=now())
    assert (decision(user, item).tier, declared.outcome) == (FULL, "")
    assert list(Matter.objects.filter(settled_at=None).values_list("kind", flat=True)) == ["declaration"]
    shop.pass_time(days=16)  # the link is followed when the period is over: what counts is the declaration

    found = declaring.confirm(token=link(mail("declaration_receipt")), at=now())
    shop.hear_all()

    assert (found.outcome, found.declared_at) == ("withdrawn", declared.declared_at)
    assert Refund.objects.get().amount_minor in (989, 990)
    assert (decision(user, item).tier, Matter.objects.filter(settled_at=None).count()) == (SUMMARY, 0)


def test_a_link_that_is_followed_again_does_nothing_more(shop):
    user = shop.subscriber(email="ayse@example.com")
    declaring.declare(words=words(user.email), user=None, at=now())
    token = link(mail("declaration_receipt"))

    outcomes = [declaring.confirm(token=token, at=now()).outcome for _ in range(3)]
    shop.hear_all()

    assert outcomes == ["withdrawn"] * 3
    assert (Refund.objects.count(), Message.objects.filter(kind="declaration_done").count()) == (1, 1)


@pytest.mark.parametrize("token", ["", "wrong", "x" * 43])
def test_another_link_confirms_nothing(shop, token):
    with pytest.raises(DeadLink):
        declaring.confirm(token=token, at=now())


def test_a_link_grows_old(shop):
    user = shop.subscriber()
    declaring.declare(words=words(user.email), user=None, at=now())

    with pytest.raises(DeadLink):
        declaring.confirm(token=link(mail("declaration_receipt")), at=now() + timedelta(days=60))


def test_the_second_step_pressed_twice_declares_once_at_the_first_time(shop):
    user = shop.subscriber()
    nonce = uuid4()
    first = declaring.declare(words=words(user.email, nonce=nonce), user=None, at=now())

    second = declaring.declare(words=words(user.email, nonce=nonce), user=None, at=now() + timedelta(hours=1))

    assert (first.pk, first.declared_at) == (second.pk, second.declared_at)
    assert Message.objects.filter(kind="declaration_receipt").count() == 1


def test_an_address_that_nobody_has_gets_a_receipt_without_a_strangers_words_or_a_link(shop):
    declaring.declare(words=words("nobody@example.com"), user=None, at=now())

    receipt = mail("declaration_receipt")
    assert receipt.to == "nobody@example.com"
    assert [part for part in ("Ayşe", "/declaration/", "Reader") if part in receipt.text] == []
    assert (Matter.objects.count(), Declaration.objects.get().digest) == (0, None)


def test_somebody_elses_address_ends_nothing_of_theirs(shop):
    user, item = shop.subscriber(email="ayse@example.com"), an_item(at=now())
    stranger = a_user(email="stranger@example.com")

    declaring.declare(words=words("ayse@example.com"), user=stranger, at=now())
    shop.hear_all()

    assert (decision(user, item).tier, the_subscription(user).status) == (FULL, "active")
    assert Refund.objects.count() == 0


def test_too_late_it_is_a_cancellation(shop):
    user, item = shop.subscriber(), an_item(at=now())
    of_country(user, "TR")
    shop.pass_time(days=16)

    declared = shop.withdraw(user)
    shop.hear_all()

    declared.refresh_from_db()
    held = the_subscription(user)
    assert (declared.outcome, held.status, held.cancel_at is not None) == ("late", "active", True)
    assert (decision(user, item).tier, Refund.objects.count()) == (FULL, 0)
    assert "The time to withdraw" in mail("declaration_done").text


def test_a_cancellation_ends_with_the_period_and_gives_nothing_back(shop):
    user, item = shop.subscriber(), an_item(at=now())

    declaring.declare(words=words(user.email, "cancel"), user=user, at=now())
    shop.hear_all()

    assert Declaration.objects.get().outcome == "cancelled"
    assert (decision(user, item).tier, the_subscription(user).cancel_at is not None) == (FULL, True)
    assert Refund.objects.count() == 0
    declaring.declare(words=words(user.email, "cancel"), user=user, at=now())
    assert sorted(Declaration.objects.values_list("outcome", flat=True)) == ["cancelled", "cancelled"]


def test_what_went_back_before_is_not_given_twice(shop):
    user = shop.subscriber()
    of_country(user, "TR")
    shop.refund(user, 400)
    shop.hear_all()

    shop.withdraw(user)
    shop.hear_all()

    payment = Payment.objects.get()
    assert (payment.refunded_minor, [each.amount_minor for each in Refund.objects.order_by("pk")]) == (990, [400, 590])


def test_where_stripe_does_not_answer_it_is_confirmed_and_a_job_carries_it_out(shop, line):
    from newsroom.sandbox.transport import SandboxClient

    user = shop.subscriber()
    line(Failing)
    declared = shop.withdraw(user)
    declared.refresh_from_db()
    assert (declared.confirmed_at is not None, declared.outcome) == (True, "")

    line(SandboxClient)
    tasks.sweep_declarations()
    executing.execute(declaration_id=declared.pk, at=now())
    shop.hear_all()

    declared.refresh_from_db()
    assert (declared.outcome, Refund.objects.count()) == ("withdrawn", 1)


def test_what_was_ended_meanwhile_is_nothing_to_end(shop):
    user = shop.subscriber()
    declaring.declare(words=words(user.email), user=None, at=now())
    token = link(mail("declaration_receipt"))
    shop.sdk.v1.subscriptions.cancel(the_subscription(user).stripe_id)
    shop.hear_all()

    assert declaring.confirm(token=token, at=now()).outcome == "nothing"
    assert "No contract of yours was running" in mail("declaration_done").text


def test_declarations_are_kept_as_they_were_made(shop):
    from django.db import IntegrityError, transaction

    declared = declaring.declare(words=words("nobody@example.com"), user=None, at=now())

    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        Declaration.objects.filter(pk=declared.pk).update(declared_at=now())
    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        declared.delete()
