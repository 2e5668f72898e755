"""The desk's picture library. Private: no address serves it but one behind the desk's own door."""

from django.core.files.storage import Storage, storages
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import AbstractImage, AbstractRendition, WagtailImageField, get_upload_to


def desk_storage() -> Storage:
    return storages["desk"]


class Picture(AbstractImage):
    """An original. `description` (Wagtail's own field) is its text alternative unless a story gives another."""

    file = WagtailImageField(
        verbose_name=_("file"),
        upload_to=get_upload_to,
        width_field="width",
        height_field="height",
        storage=desk_storage,
    )
    credit = models.CharField(_("credit"), max_length=300)

    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit",
        "collection",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )
    wagtail_reference_index_ignore = True

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        permissions = [("choose_image", "Can choose picture")]

    @property
    def focus(self) -> tuple[float, float]:
        """The point that must stay in sight, as fractions of width and height."""
        if self.focal_point_x is None or not self.width or not self.height:
            return 0.5, 0.5
        return self.focal_point_x / self.width, self.focal_point_y / self.height

    def bytes(self) -> bytes:
        with self.open_file() as file:
            found: bytes = file.read()
        return found


class PictureRendition(AbstractRendition):
    """A small copy for the desk's screens."""

    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="picture_rendition_once")
        ]
