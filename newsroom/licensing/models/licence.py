"""What was agreed: licences and their history."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import Organisation, User
from newsroom.licensing.querysets import LicenceVersionQuerySet
from newsroom.licensing.rules import Audience, Channel, Limits, Quota, Rendition, SeatKind, Source, Use
from newsroom.wire.models import Product


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever shows a token. `digest`: SHA-256 of the token, in hexadecimal; the token itself is kept nowhere."""

    digest: str

    def __str__(self) -> str:
        return str(_("whoever has the link"))


Holder = User | Organisation | Bearer | Audience


class Licence(models.Model):
    """A dated right of one holder from one source. What it says stands in its versions, newest last.

    A network's and a mail domain's licence is held by the organisation, and opens by the address or the domain
    instead of by a membership.
    """

    source = models.CharField(_("source"), max_length=12, choices=Source.choices)
    source_ref = models.CharField(_("reference"), max_length=200)
    user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="licences")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="licences"
    )
    bearer = models.CharField(_("bearer"), max_length=64, blank=True, db_index=True)
    audience = models.CharField(_("audience"), max_length=12, choices=Audience.choices, blank=True, db_index=True)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("licence")
        verbose_name_plural = _("licences")
        constraints = [
            models.UniqueConstraint(fields=["source", "source_ref"], name="licence_source_once"),
            models.CheckConstraint(
                condition=Q(user__isnull=False, organisation=None, bearer="", audience="")
                | Q(user=None, organisation__isnull=False, bearer="", audience="")
                | (Q(user=None, organisation=None, audience="") & ~Q(bearer=""))
                | (Q(user=None, organisation=None, bearer="") & ~Q(audience="")),
                name="licence_of_one_holder",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.source_ref}"

    @property
    def holder(self) -> Holder:
        found = self.user or self.organisation
        if found is not None:
            return found
        return Bearer(self.bearer) if self.bearer else Audience(self.audience)


class LicenceVersion(models.Model):
    """What a licence said from one moment to another. A change closes the row and adds another.

    `starts_at`, `ends_at` say when the right holds; `recorded_from`, `recorded_to` when this was what we knew.
    """

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    suspended = models.BooleanField(_("suspended"), default=False)
    uses = ArrayField(models.CharField(max_length=12, choices=Use.choices), verbose_name=_("uses"))
    all_products = models.BooleanField(_("every product"), default=False)
    product_ids = ArrayField(models.BigIntegerField(), default=list)
    item_ids = ArrayField(models.BigIntegerField(), default=list)
    channels = ArrayField(models.CharField(max_length=12, choices=Channel.choices), default=list, blank=True)
    territories = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    formats = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    delay = models.DurationField(_("delay"), default=timedelta(0))
    archive = models.DurationField(_("archive window"), null=True, blank=True)
    rendition = models.PositiveSmallIntegerField(
        _("largest picture"), choices=Rendition.choices, default=Rendition.ORIGINAL
    )
    under_embargo = models.BooleanField(_("may receive under embargo"), default=False)
    seats = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    seat_kind = models.CharField(_("kind of seats"), max_length=10, choices=SeatKind.choices, default=SeatKind.NAMED)
    quotas = models.JSONField(_("quotas"), default=list, blank=True)
    clause = models.TextField(_("clause"))
    clauses = models.JSONField(_("clauses by limit"), default=dict, blank=True)
    why = models.TextField(_("reason"), blank=True)
    recorded_from = models.DateTimeField()
    recorded_to = models.DateTimeField(null=True)

    objects = LicenceVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a licence")
        constraints = [
            models.UniqueConstraint(fields=["licence", "number"], name="licence_version_numbered_once"),
            models.UniqueConstraint(
                fields=["licence"], condition=Q(recorded_to=None), name="licence_one_version_in_force"
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=F("starts_at")), name="licence_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(recorded_to=None) | Q(recorded_to__gte=F("recorded_from")), name="licence_history_forward"
            ),
            models.CheckConstraint(condition=~Q(uses=[]), name="licence_grants_a_use"),
            models.CheckConstraint(condition=Q(delay__gte=timedelta(0)), name="licence_delay_not_negative"),
            models.CheckConstraint(
                condition=Q(archive=None) | Q(archive__gt=timedelta(0)), name="licence_archive_window_positive"
            ),
            models.CheckConstraint(condition=Q(seats=None) | Q(seats__gt=0), name="licence_seats_positive"),
        ]
        indexes = [models.Index(fields=["licence", "recorded_from"], name="licence_as_of")]

    def __str__(self) -> str:
        return f"{self.licence} v{self.number}"

    @property
    def limits(self) -> Limits:
        """What it does not allow although its uses and products would."""
        return Limits(
            channels=frozenset(self.channels),
            territories=frozenset(self.territories),
            formats=frozenset(self.formats),
            delay=self.delay,
            archive=self.archive,
            rendition=self.rendition,
            under_embargo=self.under_embargo,
            seats=self.seats,
            seat_kind=self.seat_kind,
            quotas=tuple(Quota.from_json(each) for each in self.quotas),
            clauses=self.clauses,
        )

    @property
    def products(self) -> "models.QuerySet[Product]":
        """The products it covers by name; none when it covers all."""
        return Product.objects.filter(pk__in=self.product_ids)
