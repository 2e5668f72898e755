"""The one owner of mail: a message is a row first, and leaves after the commit.

A kind of mail is three templates, `mail/<kind>.subject.txt`, `.txt` and `.html`. Kinds in `OPTIONAL` carry an
unsubscribe link and a List-Unsubscribe header (RFC 8058); the others are part of the service.
"""

import smtplib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.template import Context, engines
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import get_random_string

from newsroom.core.jobs import enqueue
from newsroom.core.models import Message, Suppression

OPTIONAL = frozenset({"alert", "newsletter"})
MOST_ATTEMPTS = 8


def post(*, key: str, to: str, kind: str, locale: str, context: dict[str, Any], at: datetime) -> Message:
    """Queue one mail. The same key again answers the first message and sends nothing."""
    found = Message.objects.filter(key=key).first()
    if found is not None:
        return found
    token = get_random_string(43) if kind in OPTIONAL else ""
    facts = context | {"site_name": settings.SITE_NAME, "base_url": settings.BASE_URL, "locale": locale}
    if token:
        facts["unsubscribe_url"] = settings.BASE_URL + reverse("unsubscribe", args=[token])
    with translation.override(locale):
        facts["direction"] = "rtl" if translation.get_language_bidi() else "ltr"
        subject = " ".join(_as_text(f"mail/{kind}.subject.txt", facts).split())
        text = _as_text(f"mail/{kind}.txt", facts)
        html = render_to_string(f"mail/{kind}.html", facts)
    with transaction.atomic():
        message, made = Message.objects.get_or_create(
            key=key,
            defaults={
                "kind": kind,
                "to": to,
                "locale": locale,
                "subject": subject[:300],
                "text": text,
                "html": html,
                "unsubscribe_token": token,
                "state": Message.State.SUPPRESSED if _suppressed(to, kind) else Message.State.QUEUED,
                "next_attempt_at": at,
                "created_at": at,
            },
        )
        if made:
            enqueue("core.send_mail", message_id=message.pk)
    return message


def _as_text(template: str, facts: dict[str, Any]) -> str:
    """Plain text is not escaped: it is no HTML."""
    compiled = engines["django"].get_template(template)
    return str(compiled.template.render(Context(facts, autoescape=False)))  # type: ignore[attr-defined]  # Django's own backend has it


def _suppressed(address: str, kind: str) -> bool:
    kinds = ["", kind] if kind in OPTIONAL else [""]
    return Suppression.objects.filter(address__iexact=address, kind__in=kinds).exists()


def deliver(*, message_id: int, at: datetime) -> None:
    """Hand one queued message to the mail server; a failure is tried again later, at most 8 times."""
    taken = (
        Message.objects.due(at)
        .filter(pk=message_id)
        .update(attempts=F("attempts") + 1, next_attempt_at=at + timedelta(minutes=10))
    )
    if not taken:
        return
    message = Message.objects.get(pk=message_id)
    try:
        _envelope(message).send()
    except (smtplib.SMTPException, OSError):
        if message.attempts >= MOST_ATTEMPTS:
            Message.objects.filter(pk=message_id).update(state=Message.State.FAILED)
        return
    Message.objects.filter(pk=message_id).update(state=Message.State.SENT, sent_at=at)


def _envelope(message: Message) -> EmailMultiAlternatives:
    headers = {"X-Newsroom-Message": str(message.pk), "Content-Language": message.locale}
    if message.unsubscribe_token:
        url = settings.BASE_URL + reverse("unsubscribe", args=[message.unsubscribe_token])
        headers |= {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    mail = EmailMultiAlternatives(message.subject, message.text, to=[message.to], headers=headers)
    mail.attach_alternative(message.html, "text/html")
    return mail


def bounced(*, address: str, reason: str, at: datetime) -> None:
    """Nothing more is sent to an address that does not exist."""
    Suppression.objects.get_or_create(address=address.lower(), kind="", defaults={"reason": reason[:200], "since": at})
    Message.objects.filter(to__iexact=address, state=Message.State.QUEUED).update(state=Message.State.BOUNCED)


def unsubscribe(*, token: str, at: datetime) -> Message | None:
    """Stop mail of this message's kind to its address. Answers the message, or None for an unknown token."""
    message = Message.objects.filter(unsubscribe_token=token).first() if token else None
    if message is not None:
        Suppression.objects.get_or_create(
            address=message.to.lower(), kind=message.kind, defaults={"reason": "unsubscribed", "since": at}
        )
    return message
