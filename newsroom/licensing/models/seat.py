"""Who sits in a licence of an organisation's, from when to when."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import User
from newsroom.licensing.models.licence import Licence
from newsroom.licensing.querysets import SeatQuerySet


class Seat(models.Model):
    """A person occupies a seat of a licence. `number` counts from 1: no two sit in one seat at a time.

    A named seat is open (`valid_to` None) until it is given back. A floating seat is a lease: `valid_to` is when it
    falls free unless the person goes on reading.
    """

    licence = models.ForeignKey(Licence, on_delete=models.PROTECT, related_name="occupied")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="seats")
    number = models.PositiveIntegerField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.UniqueConstraint(fields=["licence", "number"], condition=Q(valid_to=None), name="seat_taken_once"),
            models.UniqueConstraint(fields=["licence", "user"], condition=Q(valid_to=None), name="seat_one_a_person"),
            models.CheckConstraint(condition=Q(number__gte=1), name="seat_numbered_from_one"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="seat_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["licence", "user", "valid_from"], name="seat_as_of")]

    def __str__(self) -> str:
        return f"{self.licence_id} {self.number}: {self.user_id}"
