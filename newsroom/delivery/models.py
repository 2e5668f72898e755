"""What delivery keeps: the keys tokens are signed with, and the uses that partners reported."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import Organisation


class SigningKey(models.Model):
    """A key pair of Ed25519. It is published before it signs, and as long after as a token of its may live.

    `private` is encrypted with a key made from SECRET_KEY.
    """

    kid = models.CharField(max_length=32, unique=True)
    public = models.JSONField()
    private = models.TextField()
    made_at = models.DateTimeField(_("made"))
    signs_from = models.DateTimeField(_("signs from"))
    signs_until = models.DateTimeField(_("signs until"), null=True)
    listed_until = models.DateTimeField(_("published until"), null=True)

    class Meta:
        verbose_name = _("signing key")
        constraints = [
            models.CheckConstraint(
                condition=Q(listed_until=None) | Q(signs_until__isnull=False, listed_until__gte=F("signs_until")),
                name="signing_key_listed_while_it_signs",
            )
        ]

    def __str__(self) -> str:
        return self.kid


class ReportedUse(models.Model):
    """A use that a partner reported, by their number for it: the same number again is answered the same.

    `answer` is what was said. `jti`: the token it was reported with, which serves for one use.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    request_id = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    jti = models.CharField(max_length=36, null=True, unique=True)  # noqa: DJ001  # many have none, and none is unique
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("reported use")
        constraints = [models.UniqueConstraint(fields=["organisation", "request_id"], name="reported_use_once")]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.request_id}"
