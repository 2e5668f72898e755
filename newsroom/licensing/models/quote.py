"""Quotes: what was offered to whom, who approved it, and what they answered."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from newsroom.accounts.models import Organisation, User
from newsroom.core.money import Money
from newsroom.licensing.lines import Line
from newsroom.licensing.models.document import Document
from newsroom.licensing.models.lead import Lead
from newsroom.licensing.models.rate import Interval, Rate


class Indexation(models.TextChoices):
    """How a price moves when a contract is renewed."""

    NONE = "none", _("the price stays")
    FIXED = "fixed", _("by a fixed rate")
    CPI = "cpi", _("by the consumer price index, at most by the rate")


@dataclass(frozen=True, slots=True)
class Terms:
    """The commercial frame of a quote, as a contract takes it over.

    `indexation_rate`: basis points, 350 is 3.5 %; for CPI the most. `notice_days`: before the end of the term.
    """

    currency: str
    starts_on: date
    term_months: int
    billing_interval: str
    payment_days: int
    notice_days: int
    auto_renew: bool
    indexation: str
    indexation_rate: int


class Quote(models.Model):
    """One revision of an offer. Once sent it is frozen: a database trigger lets only its state move on."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("quote", "draft")
        WAITING = "waiting", _("waiting for approval")
        APPROVED = "approved", _("approved")
        SENT = "sent", _("sent")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")
        EXPIRED = "expired", _("expired")
        WITHDRAWN = "withdrawn", pgettext_lazy("quote", "withdrawn")
        SUPERSEDED = "superseded", _("superseded")

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, null=True, blank=True, related_name="quotes")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="quotes"
    )
    revision = models.PositiveSmallIntegerField(_("revision"), default=1)
    revises = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="next_revision")
    customer = models.CharField(_("customer"), max_length=200)
    contact_name = models.CharField(_("contact"), max_length=150)
    contact_email = models.EmailField(_("e-mail"), max_length=254)
    address = models.TextField(_("address"), blank=True)
    country = models.CharField(_("country"), max_length=2)
    locale = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    currency = models.CharField(_("currency"), max_length=3)
    starts_on = models.DateField(_("start"))
    term_months = models.PositiveSmallIntegerField(_("term in months"), default=12)
    billing_interval = models.CharField(_("billed"), max_length=8, choices=Interval.choices, default=Interval.YEAR)
    payment_days = models.PositiveSmallIntegerField(_("days to pay"), default=30)
    notice_days = models.PositiveSmallIntegerField(_("notice in days"), default=90)
    auto_renew = models.BooleanField(_("renews by itself"), default=True)
    indexation = models.CharField(_("indexation"), max_length=6, choices=Indexation.choices, default=Indexation.NONE)
    indexation_rate = models.PositiveSmallIntegerField(_("indexation rate"), default=0)
    valid_until = models.DateTimeField(_("offer valid until"))
    intro = models.TextField(_("words to the customer"), blank=True)
    manager = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("account manager"))
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    document = models.OneToOneField(Document, on_delete=models.PROTECT, null=True, related_name="quote")
    token_digest = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        permissions = [("approve_quote", "Can approve discounts of a quote")]
        constraints = [
            models.CheckConstraint(
                condition=Q(lead__isnull=False) | Q(organisation__isnull=False), name="quote_for_somebody"
            ),
            models.UniqueConstraint(
                fields=["token_digest"], condition=~Q(token_digest=""), name="quote_opened_by_one_link"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "waiting", "approved", "withdrawn"])
                | Q(document__isnull=False, sent_at__isnull=False),
                name="quote_sent_with_its_document",
            ),
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=models.F("submitted_by")),
                name="quote_approved_by_another",
            ),
            models.CheckConstraint(condition=Q(term_months__gte=1), name="quote_term_positive"),
        ]
        indexes = [models.Index(fields=["state", "-created_at"], name="quote_by_state")]

    def __str__(self) -> str:
        return self.document.number if self.document else f"{self.customer} · {self.revision}"

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is offered, in order."""
        return tuple(row.line for row in self.rows.order_by("position", "pk"))

    @property
    def terms(self) -> Terms:
        return Terms(
            currency=self.currency,
            starts_on=self.starts_on,
            term_months=self.term_months,
            billing_interval=self.billing_interval,
            payment_days=self.payment_days,
            notice_days=self.notice_days,
            auto_renew=self.auto_renew,
            indexation=self.indexation,
            indexation_rate=self.indexation_rate,
        )

    @property
    def frozen(self) -> bool:
        """Whether it was sent: nothing it says changes any more."""
        return self.sent_at is not None

    def state_at(self, at: datetime) -> "Quote.State":
        """Its state, in which a sent quote expires by the clock."""
        if self.state == Quote.State.SENT and self.valid_until <= at:
            return Quote.State.EXPIRED
        return Quote.State(self.state)


class QuoteLine(models.Model):
    """A line of a quote. `content`: `Line.as_json()`. A trigger refuses any change once the quote is sent.

    `list_minor`: the price before discount. `from_card`: the rates it came from; empty: it was set by hand.
    """

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveSmallIntegerField()
    content = models.JSONField()
    list_minor = models.PositiveBigIntegerField(_("list price"))
    from_card = ArrayField(models.BigIntegerField(), default=list, blank=True)

    class Meta:
        verbose_name = _("line")

    def __str__(self) -> str:
        return str(self.content.get("title", ""))

    @property
    def line(self) -> Line:
        return Line.from_json(self.content)

    @property
    def list_price(self) -> Money:
        return Money(self.list_minor, self.content["price"]["currency"])

    @property
    def rates(self) -> "models.QuerySet[Rate]":
        """The rows of the rate card it was priced by."""
        return Rate.objects.filter(pk__in=self.from_card).select_related("card", "product")


class QuoteAnswer(models.Model):
    """What the customer answered to which document, and from where. One for each quote; rows are only ever added."""

    quote = models.OneToOneField(Quote, on_delete=models.PROTECT, related_name="answer")
    accepted = models.BooleanField()
    name = models.CharField(_("name"), max_length=150)
    role = models.CharField(_("role"), max_length=150, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    at = models.DateTimeField()
    address = models.GenericIPAddressField(_("address"), null=True)
    user_agent = models.CharField(max_length=300, blank=True)
    document_digest = models.CharField("SHA-256", max_length=64)
    revision = models.PositiveSmallIntegerField(_("revision"))

    class Meta:
        verbose_name = _("answer to a quote")
        constraints = [
            models.CheckConstraint(condition=Q(accepted=False) | ~Q(name=""), name="quote_accepted_by_a_name")
        ]

    def __str__(self) -> str:
        return f"{self.quote_id} {self.accepted}"
