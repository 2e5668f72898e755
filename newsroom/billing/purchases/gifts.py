"""Subscriptions as gifts: paid by one, sent on a day, redeemed by another, once and without a card."""

import base64
import calendar
import hashlib
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from newsroom.accounts.models import User
from newsroom.accounts.readers import present
from newsroom.billing.catalogue import catalogue
from newsroom.billing.effects.people import payer
from newsroom.billing.effects.subscriptions import _products as products_of
from newsroom.billing.models import GiftPlan, Order, Subscription
from newsroom.billing.purchases.errors import GiftRefused
from newsroom.billing.states import Facts, PurchaseRight, ending
from newsroom.core import audit, mail
from newsroom.core.audit import SYSTEM, Actor
from newsroom.licensing import actions as licensing
from newsroom.licensing.models import Licence
from newsroom.licensing.rules import Source

log = structlog.get_logger(__name__)
REMINDED_AFTER = timedelta(days=14)
LETTERS = 16


def code_of(order: Order) -> str:
    """The code that redeems it: sixteen letters and digits nobody can guess, made from the order and our secret."""
    made = base64.b32encode(salted_hmac("newsroom.billing.gift", str(order.ref), algorithm="sha256").digest()).decode()
    return "-".join(made[start : start + 4] for start in range(0, LETTERS, 4))


def digest_of(code: str) -> str:
    """Of the code however it is typed."""
    plain = "".join(each for each in code.upper() if each.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()


def of_code(code: str) -> GiftPlan | None:
    """The gift this code redeems or redeemed; None for a code we never gave, or one that is not paid."""
    found = GiftPlan.objects.select_related("order__account").filter(digest=digest_of(code), paid_at__isnull=False)
    return found.first()


def paid(*, order: Order, right: PurchaseRight, at: datetime) -> None:
    """The money came: the recipient will be written to, and the giver is told. All of it back: the gift is over."""
    gift = GiftPlan.objects.select_for_update(of=("self",)).filter(order=order).first()
    if gift is None:
        log.error("gift_without_plan", order=str(order.ref))
        return
    if gift.paid_at is None:
        gift.paid_at = right.starts_at
        gift.save(update_fields=["paid_at"])
        _tell_giver(gift, at)
    if right.ends_at is not None and gift.taken_back_at is None:
        gift.taken_back_at = right.ends_at
        gift.save(update_fields=["taken_back_at"])
        for licence in Licence.objects.filter(source=Source.PLAN, source_ref=ref_of(gift)):
            licensing.end(licence=licence, by=SYSTEM, at=at, why="the price of the gift was paid back")
        return
    _rest(gift, right, at)
    if gift.send_at <= at:
        send(gift=gift, at=at)


def _rest(gift: GiftPlan, right: PurchaseRight, at: datetime) -> None:
    """While the bank is asked for the money, what was redeemed rests."""
    for licence in Licence.objects.filter(source=Source.PLAN, source_ref=ref_of(gift)):
        if licence.versions.get(recorded_to=None).suspended != right.suspended:
            deed = licensing.suspend if right.suspended else licensing.resume
            deed(licence=licence, by=SYSTEM, at=at, why="the payment of the gift is disputed")


def ref_of(gift: GiftPlan) -> str:
    """The reference of the licence it becomes."""
    return f"gift-{gift.order.ref}"


def send(*, gift: GiftPlan, at: datetime) -> None:
    """The recipient has the code, once."""
    if gift.sent_at is not None or gift.paid_at is None or gift.taken_back_at is not None:
        return
    _post(gift, "gift_received", gift.recipient_email, at)
    GiftPlan.objects.filter(pk=gift.pk).update(sent_at=at)


def sweep(*, at: datetime) -> None:
    """What is due is sent; who has not redeemed is reminded once; what waited for a subscription's end begins."""
    alive = GiftPlan.objects.filter(paid_at__isnull=False, taken_back_at=None).select_related("order__account__user")
    for gift in alive.filter(sent_at=None, send_at__lte=at):
        send(gift=gift, at=at)
    for gift in alive.filter(redeemed_at=None, reminded_at=None, sent_at__lte=at - REMINDED_AFTER):
        _post(gift, "gift_reminder", gift.recipient_email, at)
        GiftPlan.objects.filter(pk=gift.pk).update(reminded_at=at)
    for gift in alive.filter(redeemed_at__isnull=False, begins_at=None):
        _begin(gift, at)


@transaction.atomic
def redeem(*, code: str, user: User, by: Actor, at: datetime) -> GiftPlan:
    """The gift is this person's, once. It begins now, or when what they pay for ends. Raises `GiftRefused`."""
    gift = GiftPlan.objects.select_for_update(of=("self",)).filter(digest=digest_of(code)).first()
    if gift is None or gift.paid_at is None:
        raise GiftRefused(_("We know no such code. Look at it again: it has sixteen letters and digits."))
    if gift.taken_back_at is not None:
        raise GiftRefused(_("This gift was taken back."))
    if gift.redeemed_at is not None:
        mine = gift.redeemed_by_id == user.pk
        raise GiftRefused(_("You have redeemed this gift already.") if mine else _("This gift was redeemed already."))
    gift.redeemed_by, gift.redeemed_at = user, at
    gift.save(update_fields=["redeemed_by", "redeemed_at"])
    audit.record("billing.gift_redeemed", by=by, of=gift, at=at)
    _begin(gift, at)
    return gift


def begins(at: datetime, held: Facts | None, reads_until: datetime | None) -> datetime | None:
    """When a gift redeemed now begins: after a running subscription and after gifts before it. None: not known yet."""
    first = max(at, reads_until) if reads_until else at
    if held is None:
        return first
    end = ending(held)
    return None if end is None else max(first, end)


def _begin(gift: GiftPlan, at: datetime) -> None:
    """The licence is there as soon as its beginning is known."""
    person, plan = gift.redeemed_by, catalogue().plan(gift.plan)
    assert person is not None  # of one that is redeemed
    held = Subscription.objects.of_user(person.pk).live().first()
    start = begins(at, held.facts if held else None, _reads_until(person, at))
    if start is None or plan is None:
        return
    licensing.start(
        source=Source.PLAN,
        source_ref=ref_of(gift),
        holder=person,
        uses=plan.uses,
        products=products_of(plan),
        starts_at=start,
        ends_at=months_after(start, gift.months),
        clause=f"{plan.clause}, as a gift for {gift.months} months",
        by=SYSTEM,
        at=at,
        why="gift redeemed",
    )
    GiftPlan.objects.filter(pk=gift.pk).update(begins_at=start)
    gift.begins_at = start


def _reads_until(person: User, at: datetime) -> datetime | None:
    """The end of the last gift this person has redeemed before."""
    before = GiftPlan.objects.filter(redeemed_by=person, taken_back_at=None, begins_at__isnull=False)
    ends = [months_after(each.begins_at, each.months) for each in before if each.begins_at is not None]
    return max(ends, default=None)


def months_after(start: datetime, months: int) -> datetime:
    """The same day so many months later, or the last of a shorter month."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return start.replace(year=year, month=month + 1, day=min(start.day, calendar.monthrange(year, month + 1)[1]))


def _tell_giver(gift: GiftPlan, at: datetime) -> None:
    person = present(payer(gift.order.account))
    context = {
        "name": person.first_name,
        "recipient": gift.recipient_name or gift.recipient_email,
        "send_on": timezone.localtime(gift.send_at),
        "plan": _named(gift, person.locale),
        "months": gift.months,
        "purchases_url": settings.BASE_URL + reverse("purchases"),
    }
    key = f"gift_bought:{gift.order.ref}"
    mail.post(key=key, to=person.email, kind="gift_bought", locale=person.locale, context=context, at=at)


def _post(gift: GiftPlan, kind: str, to: str, at: datetime) -> None:
    code = code_of(gift.order)
    if digest_of(code) != gift.digest:  # our secret has changed since: staff must give another code
        log.error("gift_code_lost", gift=gift.pk)
        return
    giver = gift.giver_name or str(present(payer(gift.order.account)))
    context = {
        "name": gift.recipient_name,
        "giver": giver,
        "message": gift.message,
        "plan": _named(gift, gift.locale),
        "months": gift.months,
        "code": code,
        "redeem_url": settings.BASE_URL + reverse("redeem_code", args=[code]),
    }
    mail.post(key=f"{kind}:{gift.order.ref}", to=to, kind=kind, locale=gift.locale, context=context, at=at)


def _named(gift: GiftPlan, locale: str) -> str:
    plan = catalogue().plan(gift.plan)
    return plan.name(locale) if plan else gift.plan
