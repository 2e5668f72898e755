"""A product's rule as a form: a field for each dimension that is included, and one that is excluded."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from newsroom.core.errors import Refused
from newsroom.newsdesk.products.labels import DIMENSIONS, MEDIA, language_name
from newsroom.wire.known import check_known, place_of, topic_of
from newsroom.wire.models import Desk, Product, Release
from newsroom.wire.rules import SIDES, BadRule, fold
from newsroom.wire.vocabulary import table

BY_LINE = {
    "topics": (topic_of, _("Names or codes, one a line.")),
    "place": (place_of, _("Places or countries by name or code, one a line. A country brings all its places.")),
    "keywords": (fold, _("One a line; upper and lower case are the same.")),
}
LOOKED_AT = 2000


class Lines(forms.CharField):
    """Values one a line, each turned into what a rule has."""

    def __init__(self, name: str, **kwargs: Any) -> None:
        self.turn, help_text = BY_LINE[name]
        widget = forms.Textarea(attrs={"rows": 3, "dir": "auto"})
        super().__init__(required=False, max_length=20_000, widget=widget, help_text=help_text, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        try:
            lines = (line.strip() for line in super().clean(value).splitlines())
            return list(dict.fromkeys(self.turn(line) for line in lines if line))
        except BadRule as refusal:
            raise forms.ValidationError(str(refusal)) from None


class RuleForm(forms.Form):
    """What a product includes and excludes."""

    everything = forms.BooleanField(
        label=_("Everything on the wire"), required=False, help_text=_("Then nothing is named below as included.")
    )
    former = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, rule: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings: list[str] = []
        rule = rule or {}
        choices = choices_of(rule)
        for name, label in DIMENSIONS.items():
            for side in SIDES:
                self.fields[f"{side}_{name}"] = _field(name, label, choices.get(name))
        everything = rule.get("include") == "everything"
        self.initial.setdefault("everything", everything)
        for side in SIDES:
            part = rule.get(side) or {}
            for name, values in part.items() if isinstance(part, dict) else ():
                self.initial.setdefault(f"{side}_{name}", values)

    def dimensions(self) -> Iterator[tuple[Any, BoundField, BoundField]]:
        """Each dimension's label with its two fields."""
        for name, label in DIMENSIONS.items():
            yield label, self[f"include_{name}"], self[f"exclude_{name}"]

    @property
    def rule(self) -> dict[str, Any]:
        """The rule that the cleaned fields say."""
        parts = {
            side: {
                name: _values(name, values)
                for name in DIMENSIONS
                if (values := self.cleaned_data.get(f"{side}_{name}"))
            }
            for side in SIDES
        }
        found: dict[str, Any] = {"include": "everything" if self.cleaned_data.get("everything") else parts["include"]}
        return found | ({"exclude": parts["exclude"]} if parts["exclude"] else {})

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        if cleaned["everything"] and any(cleaned.get(f"include_{name}") for name in DIMENSIONS):
            self.add_error("everything", gettext("Include everything, or name what is included: one of them."))
            return cleaned
        try:
            self.warnings = check_known(self.rule)
        except BadRule as refusal:
            self.add_error(refusal.field if refusal.field in self.fields else "everything", str(refusal))
        return cleaned

    def refuse(self, refusal: Refused) -> None:
        """Show on its field what a deed refused."""
        field = getattr(refusal, "field", "")
        self.add_error(field if field in self.fields else None, str(refusal))


class NewProductForm(RuleForm):
    """A product to come, with its first rule."""

    name = forms.CharField(label=_("Name"), max_length=120)
    code = forms.SlugField(label=_("Code"), max_length=60, help_text=_("For machines and contracts. It never changes."))
    description = forms.CharField(
        label=_("Description"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    field_order = ("name", "code", "description", "everything")

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if Product.objects.filter(code=code).exists():
            raise forms.ValidationError(_("There is a product with this code already."))
        return code


class DescribeForm(forms.Form):
    """What a product is called."""

    name = forms.CharField(label=_("Name"), max_length=120)
    description = forms.CharField(
        label=_("Description"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


def choices_of(rule: Any) -> dict[str, list[tuple[Any, Any]]]:
    """What can be ticked: of languages those of the site, of the newest stories and of this rule."""
    locale = get_language() or "en"
    newest = Release.objects.heads().newest_first().values("language")[:LOOKED_AT]
    used = {each["language"] for each in newest}
    named = {tag for side in SIDES if isinstance(rule.get(side), dict) for tag in rule[side].get("language", [])}
    tags = [code for code, _label in settings.LANGUAGES]
    tags += sorted((used | named) - {*tags})
    return {
        "language": [(tag, language_name(tag, locale)) for tag in tags],
        "desk": [(desk.code, desk.label(locale)) for desk in Desk.objects.all()],
        "genre": [
            (row["code"], row["names"].get(locale.split("-")[0]) or row["names"]["en"]) for row in table("genres")
        ],
        "urgency": [(number, str(number)) for number in range(1, 10)],
        "media": list(MEDIA.items()),
    }


def _field(name: str, label: Any, choices: list[tuple[Any, Any]] | None) -> forms.Field:
    if choices is None:
        return Lines(name, label=label)
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("There is no “%(value)s”.")},
    )


def _values(name: str, values: list[Any]) -> list[Any]:
    return sorted(int(each) for each in values) if name == "urgency" else list(values)
