"""Contracts, their versions, their timeline, and the duty to delete when they are over."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import Organisation, User
from newsroom.licensing.contracts.dates import day_of, last_day, moment
from newsroom.licensing.contracts.querysets import ContractQuerySet, ContractVersionQuerySet, DeletionDutyQuerySet
from newsroom.licensing.contracts.rules import Happening, Pause, State
from newsroom.licensing.contracts.terms import TERM_NAMES, Agreed, Terms
from newsroom.licensing.models.licence import Licence

INTERVALS = [("month", _("month")), ("quarter", _("quarter")), ("year", _("year"))]


class ContractNumber(models.Model):
    """The last number given in a year. The row is the last lock a new contract takes, and it holds it to the commit."""

    year = models.PositiveIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Contract(models.Model):
    """The commercial frame of an organisation's licences. What it says stands in its versions.

    `next_at`: when next something is to be done about it; None: nothing is. `source_ref`: what it was made from
    ("quote/17"), so that a replay makes nothing twice; empty: written by hand. `rests_from`: the moment from which its
    licences give nothing, because something was not paid by then.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="contracts", verbose_name=_("organisation")
    )
    manager = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("account manager")
    )
    currency = models.CharField(_("currency"), max_length=3)
    locale = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    source_ref = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(_("recorded"))
    next_at = models.DateTimeField(null=True, db_index=True)
    rests_from = models.DateTimeField(_("rests unless paid by"), null=True)

    state: str  # by `with_state`
    period_to: date  # by `with_terms`
    auto_renew: bool  # by `with_terms`

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("contract")
        verbose_name_plural = _("contracts")
        constraints = [
            models.UniqueConstraint(
                fields=["source_ref"], condition=~Q(source_ref=""), name="contract_once_of_its_source"
            )
        ]

    def __str__(self) -> str:
        return self.number


class ContractVersion(models.Model):
    """What a contract says from one moment to another (`valid_…`), and when this was what we knew (`recorded_…`).

    A version that is cut short by the next is recorded anew with its end, under its number. `anchor` is the day from
    which periods are counted; the current one runs from `period_from` until, and without, `period_to`, of which the
    last `moved_days` are free: they stand in for days of a suspension.
    """

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    lines = models.JSONField()
    anchor = models.DateField()
    months = models.PositiveIntegerField()
    period_from = models.DateField()
    period_to = models.DateField(_("runs until"))
    moved_days = models.PositiveIntegerField(default=0)
    term_months = models.PositiveIntegerField(_("term in months"))
    notice_days = models.PositiveIntegerField(_("notice period in days"))
    auto_renew = models.BooleanField(_("renews by itself"))
    indexation = models.PositiveIntegerField(_("indexation in basis points"), null=True)
    cap = models.PositiveIntegerField(_("cap of the indexation in basis points"), null=True)
    interval = models.CharField(_("invoiced each"), max_length=10, choices=INTERVALS)
    pause = models.CharField(_("suspended days"), max_length=10, choices=Pause.choices)
    payment_days = models.PositiveIntegerField(_("days to pay"))
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    recorded_from = models.DateTimeField()
    recorded_to = models.DateTimeField(null=True)

    objects = ContractVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a contract")
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="contract_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(period_to__gt=F("period_from")), name="contract_period_forward"),
            models.CheckConstraint(
                condition=Q(recorded_to=None) | Q(recorded_to__gte=F("recorded_from")), name="contract_history_forward"
            ),
            # A range of one number stands in for the equality for which GiST would need an extension.
            ExclusionConstraint(
                name="contract_says_one_thing_at_a_time",
                expressions=[
                    (
                        Func(
                            "contract_id",
                            "contract_id",
                            Value("[]"),
                            function="int8range",
                            output_field=BigIntegerRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func("valid_from", "valid_to", function="tstzrange", output_field=DateTimeRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(recorded_to=None),
            ),
        ]
        indexes = [models.Index(fields=["contract", "recorded_from"], name="contract_as_of")]

    def __str__(self) -> str:
        return f"{self.contract} v{self.number}"

    @property
    def agreed(self) -> tuple[Agreed, ...]:
        return tuple(Agreed.from_json(each) for each in self.lines)

    @property
    def terms(self) -> Terms:
        return Terms(**{name: getattr(self, name) for name in TERM_NAMES})

    @property
    def last_day(self) -> date:
        """The last day of the current period."""
        return last_day(self.period_to)

    @property
    def notice_by(self) -> date:
        """The last day on which a notice counts for the end of this period."""
        return self.period_to - timedelta(days=self.notice_days)

    @property
    def period_end(self) -> datetime:
        return moment(self.period_to, timezone.get_default_timezone())

    @property
    def valid_days(self) -> tuple[date, date]:
        """The days this version is paid for: its own, within the period, without those that stand in for others."""
        zone = timezone.get_default_timezone()
        paid = self.period_to - timedelta(days=self.moved_days)
        first = day_of(self.valid_from, zone)
        return first, max(first, paid if self.valid_to is None else min(paid, day_of(self.valid_to, zone)))


class ContractEvent(models.Model):
    """A line of the timeline. `effective`: from when on it counts; `state`: what the contract is then, empty for no
    change. `key`: what makes it one, so that a replay adds nothing."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=24, choices=Happening.choices)
    state = models.CharField(max_length=12, choices=State.choices, blank=True)
    key = models.CharField(max_length=80)
    at = models.DateTimeField()
    effective = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=200)
    why = models.TextField(blank=True)
    facts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("line of a contract's timeline")
        constraints = [models.UniqueConstraint(fields=["contract", "key"], name="contract_event_once")]
        indexes = [models.Index(fields=["contract", "-id"], name="contract_timeline")]

    def __str__(self) -> str:
        return f"{self.contract_id} {self.kind}"


class ContractLine(models.Model):
    """The licence a line of a contract became."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="licences")
    key = models.PositiveIntegerField()
    licence = models.OneToOneField(Licence, on_delete=models.PROTECT, related_name="contract_line")

    class Meta:
        verbose_name = _("line of a contract")
        constraints = [models.UniqueConstraint(fields=["contract", "key"], name="contract_line_once")]

    def __str__(self) -> str:
        return f"{self.contract_id}/{self.key}"


class DeletionDuty(models.Model):
    """A contract is over: its customer says until `due_on` that every copy is deleted. Who said so, and in which words."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="duties")
    since = models.DateTimeField(_("since"))
    due_on = models.DateField(_("until"))
    reminders = models.PositiveSmallIntegerField(default=0)
    attested_at = models.DateTimeField(_("attested"), null=True)
    attested_by = models.CharField(_("attested by"), max_length=150, blank=True)
    attested_user = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    words = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    objects = DeletionDutyQuerySet.as_manager()

    class Meta:
        verbose_name = _("duty to delete")
        constraints = [
            models.UniqueConstraint(
                fields=["contract"], condition=Q(withdrawn_at=None), name="deletion_duty_one_a_contract"
            )
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.due_on}"
