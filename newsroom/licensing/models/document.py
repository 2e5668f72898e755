"""Documents that were issued: what they say, their numbers, and what became of them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What a document is."""

    QUOTE = "quote", _("quote")
    CONTRACT = "contract", pgettext_lazy("document", "contract")
    CERTIFICATE = "certificate", _("licence certificate")
    EVIDENCE = "evidence", _("evidence pack")
    ATTESTATION = "attestation", _("attestation")


class Series(models.Model):
    """The last number given to a kind of document in a year. Moved in one statement, as the last lock taken."""

    kind = models.CharField(max_length=12, choices=Kind.choices)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "year"], name="document_counter_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.year}: {self.last}"


class Document(models.Model):
    """One document as it was issued. `data` is all it says; `digest` is SHA-256 over the canonical form of that.

    Rows are only ever added: what becomes of a document later stands in `DocumentStanding`.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    number = models.CharField(_("number"), max_length=24, unique=True)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    subject_kind = models.CharField(max_length=80)
    subject_id = models.CharField(max_length=80)
    locale = models.CharField(_("language"), max_length=10)
    data = models.JSONField()
    digest = models.CharField("SHA-256", max_length=64, db_index=True)
    issued_at = models.DateTimeField(_("issued"))
    issued_by = models.CharField(max_length=200)
    valid_until = models.DateTimeField(_("valid until"), null=True)

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = [
            models.UniqueConstraint(fields=["kind", "year", "serial"], name="document_numbered_once"),
            models.CheckConstraint(condition=Q(serial__gte=1), name="document_numbered_from_one"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("issued_at")), name="document_valid_forward"
            ),
        ]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="document_of_subject")]

    def __str__(self) -> str:
        return self.number


class DocumentStanding(models.Model):
    """What became of a document: another took its place, or it was revoked. Rows are only ever added."""

    class What(models.TextChoices):
        SUPERSEDED = "superseded", _("superseded")
        REVOKED = "revoked", _("revoked")

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="standings")
    what = models.CharField(max_length=12, choices=What.choices)
    successor = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    why = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document", "what"], name="document_standing_once")]

    def __str__(self) -> str:
        return f"{self.document_id} {self.what}"


class DocumentFile(models.Model):
    """The PDF of a document, kept as it was first typeset, so that a newer typesetter changes no byte of it."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, primary_key=True, related_name="file")
    pdf = models.BinaryField()
    digest = models.CharField("SHA-256", max_length=64)
    typesetter = models.CharField(max_length=40)

    def __str__(self) -> str:
        return str(self.document_id)
