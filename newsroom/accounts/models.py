"""Who is asking: people, organisations, and who belongs to which."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.fields import CidrField
from newsroom.accounts.keys import ApiKey as ApiKey
from newsroom.accounts.querysets import NetworkQuerySet, ValidQuerySet
from newsroom.core.audit import Actor


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **facts: Any) -> "User":
        """Add a person. The address is kept in lower case."""
        user = self.model(email=email.strip().lower(), **facts)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **facts: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **facts)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person: a reader, a customer's employee or one of the agency's staff. The address is the sign-in."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150, blank=True)
    locale = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    is_staff = models.BooleanField(_("staff"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        permissions = [("view_as", "Can see the site as a reader sees it")]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]
        indexes = [
            GinIndex(fields=["email"], name="user_email_alike", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["name"], name="user_name_alike", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def actor(self) -> Actor:
        return Actor(self.pk, self.name or self.email)

    @property
    def first_name(self) -> str:
        return self.name.partition(" ")[0]

    @property
    def last_name(self) -> str:
        return self.name.partition(" ")[2]

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.first_name or self.email


class JoinRule(models.TextChoices):
    """Whether who has an address at an organisation's mail domain may become a member without an invitation."""

    OFF = "off", _("by invitation only")
    ASK = "ask", _("people of our mail domains may ask")
    OPEN = "open", _("people of our mail domains may join at once")


class Organisation(models.Model):
    """A customer: a newspaper, a broadcaster, a bank, a ministry."""

    name = models.CharField(_("name"), max_length=200)
    slug = models.SlugField(_("short name"), max_length=80, unique=True)
    country = models.CharField(_("country"), max_length=2)
    join_rule = models.CharField(_("who may join"), max_length=8, choices=JoinRule.choices, default=JoinRule.OFF)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        indexes = [GinIndex(fields=["name"], name="organisation_name_alike", opclasses=["gin_trgm_ops"])]

    def __str__(self) -> str:
        return self.name


class Network(models.Model):
    """Addresses from which an organisation's people read without signing in."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="networks")
    cidr = CidrField(_("network"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    valid_from = models.DateTimeField(_("from"))
    valid_to = models.DateTimeField(_("until"), null=True, blank=True)

    objects = NetworkQuerySet.as_manager()

    class Meta:
        verbose_name = _("network")
        verbose_name_plural = _("networks")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "cidr"], condition=Q(valid_to=None), name="network_open_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="network_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return str(self.cidr)


class Domain(models.Model):
    """A mail domain whose verified addresses belong to an organisation's people. In lower case, in IDNA form."""

    class Proof(models.TextChoices):
        DNS = "dns", _("by a DNS record")
        STAFF = "staff", _("by the agency")

    proof = models.CharField(_("proven"), max_length=8, choices=Proof.choices, default=Proof.STAFF)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="domains")
    name = models.CharField(_("domain"), max_length=253)
    valid_from = models.DateTimeField(_("from"))
    valid_to = models.DateTimeField(_("until"), null=True, blank=True)

    objects = ValidQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail domain")
        verbose_name_plural = _("mail domains")
        constraints = [
            models.UniqueConstraint(fields=["name"], condition=Q(valid_to=None), name="domain_of_one_organisation"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="domain_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class DomainClaim(models.Model):
    """An organisation says that a mail domain is its own. It gives nothing until it is proven, and a `Domain` begins."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="domain_claims")
    name = models.CharField(_("domain"), max_length=253)
    token = models.CharField(_("value of the record"), max_length=64)
    claimed_at = models.DateTimeField(_("claimed"))
    checked_at = models.DateTimeField(_("last looked for"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("claimed mail domain")
        verbose_name_plural = _("claimed mail domains")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], condition=Q(closed_at=None), name="domain_claim_open_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Address(models.Model):
    """A mail address that a person has verified, from when to when. Follows what the sign-in package keeps, which
    remembers no past. `host` is its domain, in lower case and IDNA form."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="addresses")
    email = models.EmailField(_("e-mail address"), max_length=254)
    host = models.CharField(max_length=253)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    objects = ValidQuerySet.as_manager()

    class Meta:
        verbose_name = _("verified address")
        verbose_name_plural = _("verified addresses")
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=Q(valid_to=None), name="address_of_one_person"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="address_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.email


class Membership(models.Model):
    """A person's role in an organisation, from a day on and perhaps until one."""

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        ADMIN = "admin", _("admin")
        MEMBER = "member", _("member")
        BILLING = "billing", _("billing")

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MEMBER)
    valid_from = models.DateTimeField(_("from"))
    valid_to = models.DateTimeField(_("until"), null=True, blank=True)

    objects = ValidQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], condition=Q(valid_to=None), name="membership_one_open"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="membership_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.organisation} · {self.role}"


class FormerName(models.Model):
    """What a person or an organisation was called until a moment. A database trigger writes it at each change."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="former_names")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="former_names")
    name = models.CharField(_("name"), max_length=200)
    until = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("former name")
        verbose_name_plural = _("former names")
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None, organisation__isnull=False) | Q(user__isnull=False, organisation=None),
                name="former_name_of_one",
            )
        ]
        indexes = [
            models.Index(fields=["user", "until"], name="former_name_of_user"),
            models.Index(fields=["organisation", "until"], name="former_name_of_org"),
        ]

    def __str__(self) -> str:
        return self.name


class Merger(models.Model):
    """Two accounts are one person: whoever signs in as `keep` also holds what `gone` holds, while this is valid.

    `facts`: what was moved from one to the other, by number, so that it can be undone. `one_sided`: staff did it
    although one address no longer answers.
    """

    keep = models.ForeignKey(User, on_delete=models.PROTECT, related_name="mergers")
    gone = models.ForeignKey(User, on_delete=models.PROTECT, related_name="merged_into")
    valid_from = models.DateTimeField(_("from"))
    valid_to = models.DateTimeField(_("until"), null=True, blank=True)
    one_sided = models.BooleanField(_("one address is dead"), default=False)
    why = models.TextField(_("reason"), blank=True)
    facts = models.JSONField(default=dict)

    objects = ValidQuerySet.as_manager()

    class Meta:
        verbose_name = _("merger of two people")
        verbose_name_plural = _("mergers of people")
        constraints = [
            models.UniqueConstraint(fields=["gone"], condition=Q(valid_to=None), name="merged_once"),
            models.CheckConstraint(condition=~Q(keep=F("gone")), name="merger_of_two"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="merger_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.keep_id}"


class MergerRequest(models.Model):
    """Somebody wants two accounts to be one. Both addresses get a link, and both must say yes. Only digests are kept."""

    keep = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    gone = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    keep_digest = models.CharField(max_length=64, unique=True)
    gone_digest = models.CharField(max_length=64, unique=True)
    keep_at = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("wish to merge two people")
        constraints = [
            models.UniqueConstraint(fields=["keep", "gone"], condition=Q(closed_at=None), name="merger_asked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.keep_id}?"
