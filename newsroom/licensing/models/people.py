"""Who is asked, and who asks, to belong to an organisation or to sit in its licences."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import Membership, Organisation, User
from newsroom.licensing.models.licence import Licence
from newsroom.licensing.querysets import InvitationQuerySet, SeatRequestQuerySet


class Invitation(models.Model):
    """An organisation asks somebody, by mail. Of the link's token only the digest is kept.

    `invited_by` None: the agency's staff did. The link lives as long as whoever sent it may invite.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail address"), max_length=254)
    role = models.CharField(_("role"), max_length=10, choices=Membership.Role.choices, default=Membership.Role.MEMBER)
    licence = models.ForeignKey(
        Licence, on_delete=models.PROTECT, null=True, blank=True, related_name="invitations", verbose_name=_("seat in")
    )
    digest = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField(_("invited"))
    sent_at = models.DateTimeField(_("last sent"))
    expires_at = models.DateTimeField(_("expires"))
    sent = models.PositiveSmallIntegerField(default=1)
    revoked_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("email"),
                condition=Q(revoked_at=None, accepted_at=None),
                name="invitation_open_once",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(accepted_at=None), name="invitation_revoked_or_accepted"
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("invited_at")), name="invitation_expires_later"),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.organisation_id}"


class SeatRequest(models.Model):
    """A member asks for a seat, or somebody of the mail domain asks to become a member, perhaps with a seat."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="seat_requests")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="seat_requests")
    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(_("note"), max_length=500, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    decided_at = models.DateTimeField(_("decided"), null=True)
    granted = models.BooleanField(_("granted"), null=True)
    decided_by = models.CharField(_("decided by"), max_length=200, blank=True)

    objects = SeatRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request for a seat")
        verbose_name_plural = _("requests for seats")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"], condition=Q(decided_at=None), name="seat_request_open_once"
            ),
            models.CheckConstraint(
                condition=Q(decided_at=None, granted=None) | Q(decided_at__isnull=False, granted__isnull=False),
                name="seat_request_decided_one_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.organisation_id}"
