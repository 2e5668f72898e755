"""The story: what the desk works on. Nobody outside the desk ever reads one."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.fields import RichTextField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Orderable,
    PreviewableMixin,
    Revision,
    RevisionMixin,
    WorkflowMixin,
)

from newsroom.content import preview, rules
from newsroom.content.models import publishing
from newsroom.content.models.picture import Picture
from newsroom.content.models.restricted import Restricted
from newsroom.content.querysets import STORY_WORDS, StoryQuerySet
from newsroom.core.audit import Actor
from newsroom.core.clock import now
from newsroom.wire.drafts import Draft, PictureDraft
from newsroom.wire.models import Desk, Item, Place, Release, Topic
from newsroom.wire.rules import Signal, Tier

if TYPE_CHECKING:
    from newsroom.accounts.models import User

LONGEST_NOTE = MaxLengthValidator(4000)
LONGEST_BODY = MaxLengthValidator(1_000_000)
FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "blockquote", "hr"]
KEPT_ACROSS_REVISIONS = ("uri", "item_id", "last_published_at", "live_revision_id")
OF_THE_WHOLE = frozenset({"uri", "item", "latest_revision", "live_revision", "locked_by", "last_published_at"})
CHILDREN = {"story_topics": "topic", "pictures": "image"}


def new_uri() -> str:
    """A tag URI (RFC 4151) for a story written here."""
    host = urlsplit(settings.BASE_URL).hostname
    return f"tag:{host},{timezone.now():%Y-%m-%d}:{uuid.uuid4().hex}"


class Story(
    Restricted, WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, ClusterableModel
):
    """A draft, its revisions and what was last published of it. Every publish passes `publish`."""

    uri = models.CharField(_("URI"), max_length=500, unique=True, default=new_uri, editable=False)
    item = models.OneToOneField(
        Item, on_delete=models.PROTECT, null=True, editable=False, related_name="story", verbose_name=_("item")
    )
    headline = models.CharField(_("headline"), max_length=300)
    slugline = models.CharField(
        _("slugline"), max_length=120, blank=True, help_text=_("The story's working name, the same in every version.")
    )
    summary = models.TextField(
        _("summary"),
        validators=[LONGEST_NOTE],
        blank=True,
        help_text=_("What everybody may read. Without it the public sees the headline alone."),
    )
    body = RichTextField(_("body"), blank=True, features=FEATURES, validators=[LONGEST_BODY])
    byline = models.CharField(_("byline"), max_length=200, blank=True)
    dateline = models.CharField(_("dateline"), max_length=200, blank=True)
    language = models.CharField(
        _("language"), max_length=10, default="en", validators=[RegexValidator(r"^[a-zA-Z]{2,3}(-[a-zA-Z0-9]+)*$")]
    )
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="stories", verbose_name=_("desk"))
    genre = models.CharField(_("genre"), max_length=60, blank=True)
    urgency = models.PositiveSmallIntegerField(
        _("urgency"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
        help_text=_("1 is a flash, 4 is usual, 9 can wait."),
    )
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("place")
    )
    note = models.TextField(
        _("editor's note"),
        validators=[LONGEST_NOTE],
        blank=True,
        help_text=_("Public: everybody who may see the story reads it."),
    )
    internal_note = models.TextField(
        _("internal note"), validators=[LONGEST_NOTE], blank=True, help_text=_("Never leaves the desk.")
    )
    embargo_until = models.DateTimeField(
        _("embargo until"), null=True, blank=True, help_text=_("Released to the wire, but shown to nobody before.")
    )
    public_tier = models.PositiveSmallIntegerField(
        _("public tier"),
        choices=Tier.choices,
        default=Tier.SUMMARY,
        help_text=_("What everybody may see of this story."),
    )
    usage_terms = models.TextField(_("usage terms"), validators=[LONGEST_NOTE], blank=True)
    provider = models.CharField(_("provider"), max_length=200, blank=True)
    source_version = models.CharField(_("version at the source"), max_length=120, blank=True, editable=False)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)

    objects = StoryQuerySet.as_manager()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["desk", "-id"], name="story_of_desk"),
            GinIndex(STORY_WORDS, name="story_words"),
        ]

    def __str__(self) -> str:
        return self.headline or str(_("(no headline yet)"))

    @property
    def headline_only(self) -> bool:
        """Nothing but the headline is public: the desk should write a summary."""
        return not self.summary.strip()

    @property
    def wire_state(self) -> str:
        """What the wire last said of it, and whether the public has no more than its headline."""
        if self.item is None:
            return ""
        state = str(Signal(self.item.signal).label) if self.item.signal else ""
        return f"{state} · {_('headline only')}" if self.live and self.headline_only else state

    def publish(
        self,
        revision: Revision,
        user: "User | None" = None,
        changed: bool = True,
        log_action: bool | str = True,
        previous_revision: Revision | None = None,
        skip_permission_checks: bool = False,
        *,
        by: Actor | None = None,
        signal: Signal | None = None,
        at: datetime | None = None,
    ) -> Release | None:
        """Put this revision on the wire, or plan it when its go-live moment is still to come; answers the release.

        The one place every publish passes: button, workflow, clock and import. Wagtail's `skip_permission_checks`
        is not heeded: rights are of the desk. `by` is an import's actor; with neither person nor actor only a
        schedule that is due may publish. Raises `Refused`: `NotYours`, `SecondPersonNeeded`, `NotApproved`,
        `Unfinished`, and the wire's own.
        """
        return publishing.publish(
            self,
            revision,
            warrant=publishing.Warrant(user=user, actor=by),
            signal=signal,
            at=at or now(),
            log=publishing.Log(bool(log_action), changed, previous_revision),
        )

    def unpublish(
        self, set_expired: bool = False, commit: bool = True, user: "User | None" = None, log_action: bool | str = True
    ) -> Release:
        """Withhold the story: the wire has no other way back."""
        note = str(_("Withheld by the desk."))
        return publishing.take_back(self, Signal.WITHHOLD, warrant=publishing.Warrant(user), note=note, at=now())

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        rules.check_may_be_deleted(released=self.item_id is not None)
        return super().delete(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> "Story":
        """The story as this revision has it; what belongs to the story as a whole stays."""
        content = {name: value for name, value in content.items() if name not in OF_THE_WHOLE}
        found: Story = super().with_content_json(content)
        for name in KEPT_ACROSS_REVISIONS:
            setattr(found, name, getattr(self, name))
        return found

    @classmethod
    def from_serializable_data(cls, data: dict[str, Any], check_fks: bool = True, strict_fks: bool = False) -> "Story":
        """A story from a revision's content, its topics and pictures fetched by two queries, however many there are.

        Those that were deleted meanwhile are left out.
        """
        known = {
            "story_topics": Topic.objects.in_bulk([each["topic"] for each in data.get("story_topics", [])]),
            "pictures": Picture.objects.in_bulk([each["image"] for each in data.get("pictures", [])]),
        }
        kept = {
            name: [each | {"story": None} for each in data.get(name, []) if each[link] in known[name]]
            for name, link in CHILDREN.items()
        }
        found: Story = super().from_serializable_data(data | kept, check_fks=False, strict_fks=strict_fks)
        for name, link in CHILDREN.items():
            for each in getattr(found, name).all():
                setattr(each, link, known[name][getattr(each, f"{link}_id")])
        return found

    def save_revision(self, *args: Any, overwrite_revision: Revision | None = None, **kwargs: Any) -> Revision:
        """Save a draft. What is in review, planned or published is never written over, not even by an autosave."""
        former = overwrite_revision
        if former is not None and (former.pk == self.live_revision_id or publishing.is_fixed(former)):
            overwrite_revision = None
        return super().save_revision(*args, overwrite_revision=overwrite_revision, **kwargs)

    def get_full_url(self) -> str | None:
        return f"{settings.BASE_URL}{self.item.get_absolute_url()}" if self.live and self.item else None

    full_url = property(get_full_url)

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        return [("everybody", _("What everybody sees")), ("subscriber", _("What a subscriber sees"))]

    def _get_dummy_header_url(self, original_request: HttpRequest | None = None) -> str:
        """A preview is a page of the desk, and is treated as one by what stands around every request."""
        url = settings.BASE_URL if original_request is None else original_request.build_absolute_uri("/")
        return f"{url.rstrip('/')}/desk/preview/"

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "content/preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """The types that readers' pages are built from; what everybody sees is built from the one without a body."""
        shown = preview.full_text_of(self.draft(with_originals=False), locale=get_language() or "en", at=now())
        everybody = mode_name != "subscriber"
        files = [each.image for each in self.pictures.all()]
        return {
            "request": request,
            "everybody": everybody,
            "nothing": everybody and self.public_tier == Tier.NOTHING,
            "story": shown.summary,
            "full": shown if not everybody or self.public_tier == Tier.FULL else None,
            "pictures": list(zip(shown.pictures, files, strict=True)),
            "restrictions": preview.restrictions_of(self.draft(with_originals=False), locale=get_language() or "en"),
        }

    def save_as_published(self, former: "Story") -> None:
        """Make the row say what was published. Rows of topics and pictures that did not change are left alone."""
        fields = [field.name for field in self._meta.local_concrete_fields if not field.primary_key]
        changed = [name for name in CHILDREN if _said(self, name) != _said(former, name)]
        self.save(update_fields=[*fields, *changed])

    def shape(self) -> rules.Shape:
        """What completeness is judged by."""
        alts = tuple(each.alternative for each in self.pictures.all())
        return rules.Shape(self.headline, self.language, self.summary, bool(self.body.strip()), alts)

    def draft(self, *, with_originals: bool = True) -> Draft:
        """What leaves the desk. What is not named here stays: the internal note does."""
        return Draft(
            uri=self.uri,
            headline=self.headline,
            language=self.language,
            desk=self.desk,
            body_html=self.body,
            summary=self.summary,
            slugline=self.slugline,
            slug_hint=self.headline,
            byline=self.byline,
            dateline=self.dateline,
            topics=tuple(each.topic for each in self.story_topics.all()),
            genre=self.genre,
            urgency=self.urgency,
            place=self.place,
            note=self.note,
            usage_terms=self.usage_terms,
            embargo_until=self.embargo_until,
            public_tier=Tier(self.public_tier),
            pictures=tuple(each.draft(with_originals) for each in self.pictures.all()),
            provider=self.provider or settings.SITE_NAME,
            source_version=self.source_version,
            **self.restrictions(),
        )


def _said(story: Story, children: str) -> list[dict[str, Any]]:
    """What the story's topics or pictures say, in their order."""
    return [
        {
            field.name: field.value_from_object(each)
            for field in each._meta.local_concrete_fields
            if field.name != "story"
        }
        for each in getattr(story, children).all()
    ]


class StoryTopic(Orderable):
    """A subject of a story."""

    story = ParentalKey(Story, on_delete=models.CASCADE, related_name="story_topics")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+", verbose_name=_("topic"))

    class Meta(Orderable.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")

    def __str__(self) -> str:
        return str(self.topic)


class StoryPicture(Orderable):
    """A picture in a story, with the words it has there."""

    story = ParentalKey(Story, on_delete=models.CASCADE, related_name="pictures")
    image = models.ForeignKey(Picture, on_delete=models.PROTECT, related_name="+", verbose_name=_("picture"))
    alt = models.CharField(
        _("text alternative"), max_length=300, blank=True, help_text=_("For those who cannot see the picture.")
    )
    caption = models.TextField(_("caption"), max_length=1000, blank=True)
    credit = models.CharField(
        _("credit"), max_length=300, blank=True, help_text=_("Empty: the credit of the picture itself.")
    )

    class Meta(Orderable.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")

    def __str__(self) -> str:
        return self.caption or self.alt or str(self.image)

    @property
    def alternative(self) -> str:
        return self.alt or str(self.image.description)

    def draft(self, with_original: bool) -> PictureDraft:
        x, y = self.image.focus
        original = self.image.bytes() if with_original else b""
        return PictureDraft(original, self.alternative, self.caption, self.credit or self.image.credit, x, y)


class Intake(models.Model):
    """One version of a story as it came from its provider."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="intakes")
    source_version = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    version_created = models.DateTimeField(null=True)
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = _("version received")
        constraints = [models.UniqueConstraint(fields=["story", "source_version"], name="intake_once")]

    def __str__(self) -> str:
        return f"{self.story_id} {self.source_version}"
