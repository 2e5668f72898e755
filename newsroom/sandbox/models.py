"""What the stand-in for Stripe keeps."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class SandboxObject(models.Model):
    """A Stripe object as Stripe would answer it, and its own notes under `_`."""

    name = models.CharField(_("id"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=60)
    body = models.JSONField(_("body"))
    created = models.BigIntegerField(_("created"), help_text=_("Unix seconds by the sandbox's clock"))
    due = models.BigIntegerField(_("due"), null=True, help_text=_("when it next wants attention by itself"))
    clock = models.CharField(_("test clock"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("sandbox object")
        verbose_name_plural = _("sandbox objects")
        indexes = [
            models.Index(fields=["kind", "-id"], name="sandbox_newest"),
            GinIndex(fields=["body"], name="sandbox_body", opclasses=["jsonb_path_ops"]),
            models.Index(fields=["clock", "due"], name="sandbox_due", condition=models.Q(due__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name


class SandboxKey(models.Model):
    """An idempotency key with what was answered to it."""

    key = models.CharField(_("key"), max_length=255, unique=True)
    digest = models.CharField(_("digest of the request"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"))
    body = models.JSONField(_("body"))
    at = models.BigIntegerField(_("at"))

    class Meta:
        verbose_name = _("sandbox idempotency key")
        verbose_name_plural = _("sandbox idempotency keys")

    def __str__(self) -> str:
        return self.key


class SandboxDelivery(models.Model):
    """One event on its way to the product's webhook address."""

    class State(models.TextChoices):
        PENDING = "pending", _("waiting")
        DELIVERED = "delivered", _("delivered")
        LOST = "lost", _("lost on purpose")
        DEAD = "dead", _("given up")

    event = models.CharField(_("event"), max_length=120, db_index=True)
    kind = models.CharField(_("type of the event"), max_length=120)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    due_at = models.DateTimeField(_("due at"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    answer = models.CharField(_("last answer"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("sandbox webhook delivery")
        verbose_name_plural = _("sandbox webhook deliveries")
        indexes = [models.Index(fields=["due_at"], name="sandbox_to_deliver", condition=models.Q(state="pending"))]

    def __str__(self) -> str:
        return f"{self.kind} {self.event}"


class SandboxControls(models.Model):
    """The one row of what the control page sets."""

    class Fate(models.TextChoices):
        DELIVER = "deliver", _("deliver it")
        LOSE = "lose", _("lose it")
        DUPLICATE = "duplicate", _("deliver it twice")
        DELAY = "delay", _("deliver it ten minutes late")
        OVERTAKE = "overtake", _("let later ones overtake it")

    class Answer(models.TextChoices):
        USUAL = "usual", _("as usual")
        TOO_MANY = "too_many", _("429: too many requests")
        BROKEN = "broken", _("500: something is broken")
        SILENT = "silent", _("none: nothing is done, and nobody answers")
        LOST = "lost", _("none: it is done, and the answer is lost")

    class AfterRetries(models.TextChoices):
        CANCELED = "canceled", _("cancel the subscription")
        UNPAID = "unpaid", _("mark it unpaid")
        PAST_DUE = "past_due", _("leave it past due")

    offset = models.BigIntegerField(_("seconds the clock stands ahead"), default=0)
    next_webhook = models.CharField(_("the next webhook"), max_length=10, choices=Fate, default=Fate.DELIVER)
    fated = models.PositiveSmallIntegerField(_("how many webhooks"), default=1)
    next_answer = models.CharField(_("the next answer of the API"), max_length=10, choices=Answer, default=Answer.USUAL)
    answers = models.PositiveSmallIntegerField(_("how many answers"), default=1)
    after_retries = models.CharField(
        _("after the last declined try"), max_length=10, choices=AfterRetries, default=AfterRetries.CANCELED
    )

    class Meta:
        verbose_name = _("sandbox controls")
        verbose_name_plural = _("sandbox controls")
        constraints = [models.CheckConstraint(name="sandbox_one_row_of_controls", condition=models.Q(pk=1))]

    def __str__(self) -> str:
        return str(self.offset)
