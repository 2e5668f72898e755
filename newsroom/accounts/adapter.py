"""allauth's hooks: mail goes through core.mail, people are ours."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.crypto import get_random_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from newsroom.accounts import origin
from newsroom.core import mail
from newsroom.core.clock import now

LONGEST_ADDRESS = 254


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Sends allauth's mail by our road, in the reader's language."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue `account/email/<name>` as the kind `account_<name>`, without request or user objects."""
        kind = "account_" + template_prefix.rsplit("/", 1)[-1].removesuffix("_message")
        user = context.get("user")
        facts = {k: v for k, v in context.items() if isinstance(v, str | int | bool)}
        facts["name"] = getattr(user, "name", "")
        locale = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
        mail.post(key=f"{kind}:{get_random_string(22)}", to=email, kind=kind, locale=locale, context=facts, at=now())

    def clean_email(self, email: str) -> str:
        """Raises `ValidationError` for an address longer than one can be (RFC 5321, 4.5.3.1.3)."""
        if len(email) > LONGEST_ADDRESS:
            raise ValidationError(_("Enter a valid email address."))
        return str(super().clean_email(email))

    def get_client_ip(self, request: HttpRequest) -> str:
        """The reader's own, behind our proxies: what rates are limited by and sessions are listed with."""
        address = origin.address_of(request)
        return str(address) if address is not None else str(super().get_client_ip(request))

    def is_safe_url(self, url: str | None) -> bool:
        return bool(url) and url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.locale = (get_language() or settings.LANGUAGE_CODE).split("-")[0]
        return super().save_user(request, user, form, commit)
