"""The question: who, which story, to do what, in which manner, when. All of it stands in the address."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django import forms
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from newsroom.access.rules import Manner
from newsroom.access.search import Wanted, search
from newsroom.accounts.models import Organisation, User
from newsroom.accounts.readers import ANONYMOUS
from newsroom.core.clock import now
from newsroom.core.countries import countries
from newsroom.licensing.rules import Channel, Rendition, Use
from newsroom.licensing.terms import FORMATS
from newsroom.wire.models import Item

SHOWN = 10
NOT_SAID = [("", _("not said"))]


class ExplainForm(forms.Form):
    """Whose access to which story is explained."""

    who = forms.CharField(
        label=_("Who"),
        required=False,
        max_length=254,
        help_text=_("A person's e-mail address, or an organisation's name. Empty: somebody who has not signed in."),
    )
    story = forms.CharField(
        label=_("Story"), max_length=500, help_text=_("Its address, its URI, or words of its headline.")
    )
    use = forms.ChoiceField(label=_("Use"), choices=Use.choices, initial=Use.READ, required=False)
    at = forms.DateTimeField(
        label=_("When"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}),
        help_text=_("Empty: now."),
    )
    address = forms.GenericIPAddressField(label=_("Coming from this network address"), required=False)
    country = forms.ChoiceField(label=_("Coming from this country"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False, choices=NOT_SAID + Channel.choices)
    territory = forms.ChoiceField(
        label=_("Territory"), required=False, help_text=_("Not said: the country they come from.")
    )
    format = forms.ChoiceField(
        label=_("Format"), required=False, choices=NOT_SAID + [(each, each) for each in sorted(FORMATS)]
    )
    rendition = forms.TypedChoiceField(
        label=_("Size of picture"),
        required=False,
        choices=[*NOT_SAID, *Rendition.choices],
        coerce=lambda value: Rendition(int(value)),
        empty_value=None,
    )
    choices: list[tuple[str, str, str]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [*NOT_SAID, *countries((get_language() or "en").split("-")[0]).items()]
        for name in ("country", "territory"):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = named
        self.choices = []

    @property
    def more(self) -> bool:
        """Whether anything is said of the manner, so that those fields lie open."""
        return any(
            self.data.get(name) for name in ("address", "country", "channel", "territory", "format", "rendition")
        )

    def clean_who(self) -> User | Organisation | None:
        words = self.cleaned_data["who"].strip()
        if not words:
            return None
        person = User.objects.filter(email=words.lower()).first()
        return person or self._organisation(words)

    def _organisation(self, words: str) -> Organisation:
        exact = Organisation.objects.filter(Q(slug=words) | Q(name__iexact=words))[:2]
        found = list(exact) or list(Organisation.objects.filter(name__icontains=words).order_by("name")[:SHOWN])
        if not found:
            raise forms.ValidationError(_("There is no person with this address and no organisation of this name."))
        if len(found) > 1:
            self.choices += [("who", each.slug, each.name) for each in found]
            raise forms.ValidationError(_("Several organisations are called like this: choose one."))
        return found[0]

    def clean_story(self) -> Item:
        words = self.cleaned_data["story"].strip()
        path = [part for part in unquote(urlsplit(words).path).split("/") if part]
        slug = path[1] if len(path) > 1 and path[0] == "story" else words
        item = Item.objects.filter(Q(uri=words) | Q(slug=slug)).first()
        return item or self._by_headline(words)

    def _by_headline(self, words: str) -> Item:
        """Among what everybody may see: nobody finds by words here what was not told."""
        wanted, locale = Wanted(words=words), get_language() or "en"
        found = search(reader=ANONYMOUS, wanted=wanted, at=now(), locale=locale, limit=SHOWN).stories
        if not found:
            raise forms.ValidationError(_("There is no story with this address, URI or headline."))
        if len(found) > 1:
            self.choices += [("story", each.uri, each.headline) for each in found]
            raise forms.ValidationError(_("Several stories answer to these words: choose one."))
        return Item.objects.get(pk=found[0].item_id)

    def manner(self) -> Manner:
        """How the use would be done, of a form that is valid."""
        asked = self.cleaned_data
        return Manner(asked["channel"], asked["territory"], asked["format"], asked["rendition"])
