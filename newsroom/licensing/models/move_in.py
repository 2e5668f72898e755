"""Moving in: the batches of rows that were read from files, and what became of each row."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MoveIn(models.Model):
    """One folder of files. The same files are the same batch, so that a second run goes on where the first stopped."""

    class State(models.TextChoices):
        SIMULATED = "simulated", _("simulated")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        UNDONE = "undone", _("undone")

    digest = models.CharField(_("SHA-256 of the files"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=200)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    rows = models.PositiveIntegerField(_("rows"))
    bad = models.PositiveIntegerField(_("rows with an error"), default=0)
    by_label = models.CharField(_("by"), max_length=200)
    created_at = models.DateTimeField(_("created"))
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("move-in")
        verbose_name_plural = _("move-ins")

    def __str__(self) -> str:
        return self.name


class MoveInFile(models.Model):
    """A file of a batch, as text, until the batch is done."""

    batch = models.ForeignKey(MoveIn, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=200)
    text = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "kind"], name="move_in_file_once")]

    def __str__(self) -> str:
        return self.name


class MoveInRow(models.Model):
    """A row that was taken in, with what it made or found. Written with that, in one transaction."""

    class Outcome(models.TextChoices):
        MADE = "made", _("made")
        FOUND = "found", _("was there")

    batch = models.ForeignKey(MoveIn, on_delete=models.CASCADE, related_name="done")
    kind = models.CharField(max_length=20)
    line = models.PositiveIntegerField()
    reference = models.CharField(max_length=254)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    made = models.JSONField(default=list)  # [[model label, primary key]], in the order they were made

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "kind", "line"], name="move_in_row_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.line}"


class Outside(models.Model):
    """What a thing is called in the system it came from. `reference` is unique for each kind of thing."""

    kind = models.CharField(max_length=20)
    reference = models.CharField(max_length=254)
    subject_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "reference"], name="outside_reference_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"
