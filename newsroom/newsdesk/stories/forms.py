"""The form of a story, and the panels of it in the order of the work."""

import re
from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _
from wagtail.admin.compare import TextFieldComparison
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    ObjectList,
    PublishingPanel,
)
from wagtail.admin.widgets import AdminAutoHeightTextInput, AdminDateTimeInput

from newsroom.content.rules import GENRES
from newsroom.core.clock import now
from newsroom.licensing.rules import Channel, Use
from newsroom.newsdesk.licences.limits import country_of
from newsroom.newsdesk.policy import DeskPolicy
from newsroom.wire.models import Desk

HELD_BY_THE_EDITOR = {"p", "br", "h2", "h3", "b", "strong", "i", "em", "ol", "ul", "li", "a", "blockquote", "hr"}
WRITTEN_IN_ITS_LANGUAGE = {
    "headline",
    "slugline",
    "summary",
    "byline",
    "dateline",
    "note",
    "internal_note",
    "usage_terms",
    "supplier_terms",
    "keywords",
}
TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)")


def language_choices(also: str = "") -> list[tuple[str, Any]]:
    """The site's languages first, then all that have a name, then the one this story came with."""
    ours = list(settings.LANGUAGES)
    known = {code for code, _name in ours}
    others = sorted(
        (code, info["name_local"].capitalize())
        for code, info in LANG_INFO.items()
        if code not in known and "name_local" in info and len(code) <= 10
    )
    odd = [(also, also)] if also and also not in known | {code for code, _name in others} else []
    return ours + others + odd


class Listed(forms.CharField):
    """A list of words with commas between them; `turn` makes of each what is kept."""

    def __init__(self, *, turn: Callable[[str], str] = str, **kwargs: Any) -> None:
        self.turn = turn
        super().__init__(**{"required": False, "max_length": 4000} | kwargs)

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        words = (" ".join(word.split()) for word in re.split("[,;،\n]", super().clean(self.prepare_value(value))))
        return list(dict.fromkeys(self.turn(word) for word in words if word))

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), self.prepare_value(data))


def fits_the_editor(html: str) -> bool:
    """Whether the editor keeps every element of this HTML; it would drop a table without a word."""
    return {tag.lower() for tag in TAG.findall(html)} <= HELD_BY_THE_EDITOR


class StoryForm(WagtailAdminModelForm):
    """A story; its desk is one where this person has a role."""

    keywords = Listed(label=_("Keywords"), help_text=_("With commas between them."))
    territories_out = Listed(
        turn=country_of,
        label=_("Not for these countries"),
        help_text=_("By name or by code, with commas between them: TR, Germany."),
    )
    channels_out = forms.MultipleChoiceField(
        label=_("Not on these channels"), required=False, choices=Channel.choices, widget=forms.CheckboxSelectMultiple
    )
    uses_out = forms.MultipleChoiceField(
        label=_("Not for these uses"), required=False, choices=Use.choices, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = self.fields
        if "desk" in fields and self.for_user is not None:
            mine = Desk.objects.filter(pk__in=DeskPolicy(type(self.instance)).desks(self.for_user, ["add"]))
            fields["desk"].queryset = mine
            if self.instance.pk is None and len(mine) == 1:
                fields["desk"].initial = mine[0]
        if "language" in fields:
            fields["language"].widget = forms.Select(choices=language_choices(self.instance.language))
        if "genre" in fields:
            genre = self.instance.genre
            odd = [(genre, genre)] if genre and genre not in GENRES else []
            fields["genre"].widget = forms.Select(choices=[("", "—"), *GENRES.items(), *odd])
        for name in WRITTEN_IN_ITS_LANGUAGE & set(fields):
            fields[name].widget.attrs["dir"] = "auto"
        if "body" in fields and not fits_the_editor(self.instance.body):
            fields["body"].widget = AdminAutoHeightTextInput()
            fields["body"].help_text = _(
                "This body came with elements that the editor cannot hold, such as tables. It is shown as HTML."
            )

    def clean_go_live_at(self) -> Any:
        """Wagtail would publish at once what is planned for the past."""
        due = self.cleaned_data.get("go_live_at")
        if due is not None and due <= now() and "go_live_at" in self.changed_data:
            raise forms.ValidationError(_("This moment has passed."))
        return due

    def clean_expires_at(self) -> Any:
        """What has expired already would be released to nobody."""
        expires = self.cleaned_data.get("expires_at")
        if expires is not None and expires <= now() and "expires_at" in self.changed_data:
            raise forms.ValidationError(_("This moment has passed."))
        return expires


class SchedulePanel(PublishingPanel):
    """When to publish. Expiry is not offered: what was released is withheld with a note, not forgotten by a clock."""

    def __init__(self, **kwargs: Any) -> None:
        widget = AdminDateTimeInput(
            js_overlay_parent_selector="#schedule-publishing-dialog",
            attrs={
                "data-controller": "w-action",
                "data-action": "w-dialog:hidden->w-action#reset",
                "data-w-dialog-target": "notify",
            },
        )
        super().__init__(**{"children": [FieldPanel("go_live_at", widget=widget)]} | kwargs)


class ListPanel(FieldPanel):
    """A list of words; versions are compared by the words."""

    def get_comparison_class(self) -> Any:
        return ListComparison


class ListComparison(TextFieldComparison):
    """Two lists of words, as a reader sees them."""

    def __init__(self, field: Any, former: Any, latter: Any) -> None:
        super().__init__(field, former, latter)
        self.val_a = ", ".join(field.value_from_object(former) or ())
        self.val_b = ", ".join(field.value_from_object(latter) or ())


def story_panels() -> ObjectList:
    return ObjectList(
        [
            FieldRowPanel([FieldPanel("desk"), FieldPanel("language"), FieldPanel("urgency")]),
            FieldPanel("headline"),
            FieldPanel("summary", widget=AdminAutoHeightTextInput(attrs={"maxlength": 4000})),
            FieldPanel("body"),
            MultipleChooserPanel(
                "pictures",
                chooser_field_name="image",
                heading=_("Pictures"),
                panels=[FieldPanel("image"), FieldPanel("alt"), FieldPanel("caption"), FieldPanel("credit")],
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("slugline"), FieldPanel("genre")]),
                    FieldRowPanel([FieldPanel("byline"), FieldPanel("dateline"), FieldPanel("place")]),
                    ListPanel("keywords"),
                ],
                heading=_("Description"),
            ),
            MultipleChooserPanel(
                "story_topics", chooser_field_name="topic", heading=_("Topics"), panels=[FieldPanel("topic")]
            ),
            MultiFieldPanel([FieldPanel("note"), FieldPanel("internal_note")], heading=_("Notes")),
            MultiFieldPanel(
                [
                    FieldRowPanel([FieldPanel("public_tier"), FieldPanel("embargo_until")]),
                    FieldPanel("usage_terms"),
                ],
                heading=_("Release"),
            ),
            MultiFieldPanel(
                [
                    FieldRowPanel([ListPanel("territories_out"), FieldPanel("expires_at")]),
                    FieldRowPanel([ListPanel("channels_out"), ListPanel("uses_out")]),
                    FieldPanel("archive_days"),
                    FieldPanel("supplier_terms"),
                ],
                heading=_("Restrictions"),
                help_text=_("They stand above every licence: what is ruled out here nobody may do with this story."),
                classname="collapsed",
            ),
            SchedulePanel(),
        ],
        base_form_class=StoryForm,
    )
