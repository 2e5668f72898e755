"""Keys with which an organisation's machines ask. The secret is shown once; only its digest is kept."""

import hashlib
import re
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsroom.accounts.querysets import ValidQuerySet
from newsroom.core import audit
from newsroom.core.audit import Actor
from newsroom.core.errors import Refused

if TYPE_CHECKING:
    from newsroom.accounts.models import Organisation, User

MARK = "nk_"
TOKEN = re.compile(r"nk_[A-Za-z0-9_-]{43}")
SHOWN = 11  # characters of a token by which people tell keys apart
LONGEST = timedelta(days=2 * 366)
MOST = 50  # keys in force an organisation may have
PER_MINUTE = 3000


class Scope(models.TextChoices):
    """What a key may do."""

    CHECK = "check", gettext_lazy("ask what may be used")
    USE = "use", gettext_lazy("report uses, which counts against quotas")
    TOKEN = "token", gettext_lazy("issue short tokens for edges")  # the name of a scope


class BadKey(Refused):
    """A key cannot be made so. `field` names what is wrong."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def in_force(self, at: datetime) -> Self:
        """Neither revoked nor expired at the moment `at`."""
        return self.filter(Q(expires_at=None) | Q(expires_at__gt=at), Q(revoked_at=None) | Q(revoked_at__gt=at))


class ApiKey(models.Model):
    """A key of an organisation's. `user`: the member it acts as; None: a service, which has a name only.

    `audiences`: the sites that tokens may be issued for. `last_used_at` is known to the hour.
    """

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="api_keys")
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, null=True, blank=True, related_name="api_keys")
    name = models.CharField(gettext_lazy("name"), max_length=100)
    prefix = models.CharField(gettext_lazy("begins with"), max_length=SHOWN)
    digest = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope.choices), verbose_name=gettext_lazy("may"))
    audiences = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    per_minute = models.PositiveIntegerField(gettext_lazy("requests a minute"), default=PER_MINUTE)
    created_at = models.DateTimeField(gettext_lazy("created"))
    last_used_at = models.DateTimeField(gettext_lazy("last used"), null=True)
    expires_at = models.DateTimeField(gettext_lazy("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(gettext_lazy("revoked"), null=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("API key")
        verbose_name_plural = gettext_lazy("API keys")
        constraints = [
            models.CheckConstraint(condition=~Q(scopes=[]), name="api_key_has_a_scope"),
            models.CheckConstraint(condition=Q(per_minute__gt=0), name="api_key_may_ask"),
            models.CheckConstraint(
                condition=Q(expires_at=None) | Q(expires_at__gt=F("created_at")), name="api_key_expires_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a new key is to be."""

    name: str
    scopes: Collection[str]
    audiences: Iterable[str] = ()
    user: "User | None" = None
    expires_at: datetime | None = None


def digest_of(token: str) -> str:
    """SHA-256 of a token, in hexadecimal. A token has 256 random bits, so it needs no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def create(*, organisation: "Organisation", wanted: Wanted, by: Actor, at: datetime) -> tuple[ApiKey, str]:
    """A new key and its secret, which nobody can show again. Raises `BadKey`."""
    _check(organisation, wanted, at)
    token = MARK + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        organisation=organisation,
        user=wanted.user,
        name=wanted.name.strip(),
        prefix=token[:SHOWN],
        digest=digest_of(token),
        scopes=sorted(set(wanted.scopes)),
        audiences=sorted({origin_of(each) for each in wanted.audiences}),
        created_at=at,
        expires_at=wanted.expires_at,
    )
    audit.record("api_key.created", by=by, of=key, at=at, facts={"prefix": key.prefix, "scopes": key.scopes})
    return key, token


def _check(organisation: "Organisation", wanted: Wanted, at: datetime) -> None:
    if not wanted.name.strip() or len(wanted.name.strip()) > 100:
        raise BadKey("name", _("Say what the key is for, in at most 100 characters."))
    if not wanted.scopes or set(wanted.scopes) - set(Scope.values):
        raise BadKey("scopes", _("Choose what the key may do."))
    if wanted.expires_at is not None and not at < wanted.expires_at <= at + LONGEST:
        raise BadKey("expires_at", _("A key expires in the future, within two years."))
    if wanted.user is not None and not _belongs(organisation, wanted.user, at):
        raise BadKey("user", _("This person is not a member of the organisation."))
    if ApiKey.objects.in_force(at).filter(organisation=organisation).count() >= MOST:
        raise BadKey("name", _("There are too many keys already. Revoke one first."))


def _belongs(organisation: "Organisation", user: "User", at: datetime) -> bool:
    held = user.memberships.all()
    assert isinstance(held, ValidQuerySet)
    return user.is_active and held.valid(at).filter(organisation=organisation).exists()


def origin_of(address: str) -> str:
    """`https://edge.example` of a site's address. Raises `BadKey`: only https, but for this very machine."""
    parts = urlsplit(address.strip())
    here = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1"}
    try:
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        port = None
    if port is None or not parts.hostname or not (parts.scheme == "https" or here) or parts.username:
        raise BadKey("audiences", _("“%(address)s” is not the https address of a site.") % {"address": address[:100]})
    return f"{parts.scheme}://{parts.hostname}{port}"


@transaction.atomic
def revoke(*, key: ApiKey, by: Actor, at: datetime) -> None:
    """The key opens nothing from now on. Twice is once."""
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=at):
        audit.record("api_key.revoked", by=by, of=key, at=at, facts={"prefix": key.prefix})


def note_use(*, key_id: int, at: datetime) -> None:
    """Remember that the key was used, to the hour."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    ApiKey.objects.filter(Q(last_used_at=None) | Q(last_used_at__lt=hour), pk=key_id).update(last_used_at=hour)


def find(digests: Collection[str]) -> dict[str, ApiKey]:
    """The keys with these digests, whatever their state."""
    return {each.digest: each for each in ApiKey.objects.filter(digest__in=digests)}
