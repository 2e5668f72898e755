"""What may change an answer of the gate, noted by the database itself in the transaction that changes it."""

from django.db import models
from django.db.models import Q


class Change(models.Model):
    """Somebody's rights, a story's, or a key's are not what they were. Triggers add the rows, nobody else.

    `subject` is whose: `org:5`, `user:7`, `members:5`, `item:…`, `key:…`, `audience:…`, `bearer:…`, `stamps`.
    `number` is given after the commit, in the order in which it became known; `published` once every process was told.
    """

    subject = models.CharField(max_length=80)
    at = models.DateTimeField()
    number = models.BigIntegerField(null=True)
    published = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["number"], name="change_numbered_once")]
        indexes = [
            models.Index(fields=["id"], condition=Q(published=False), name="change_to_publish"),
            models.Index(fields=["subject", "number"], name="change_of_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.number}"
