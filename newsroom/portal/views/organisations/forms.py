"""What is typed on an organisation's pages."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import JoinRule, Membership
from newsroom.licensing.models import Licence, LicenceVersion

Role = Membership.Role
LATIN = {"dir": "ltr", "autocapitalize": "none", "spellcheck": "false"}


def _licences(versions: Iterable[LicenceVersion]) -> list[tuple[str, str]]:
    return [(str(each.licence_id), str(each.licence)) for each in versions]


class SeatForm(forms.Form):
    """Which licence, of those with seats."""

    licence = forms.ChoiceField(label=_("Seat in"), required=False)

    def __init__(self, *args: Any, versions: list[LicenceVersion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._known = {str(each.licence_id): each.licence for each in versions}
        self.fields["licence"].choices = [("", _("No seat")), *_licences(versions)]  # type: ignore[attr-defined]  # ChoiceField

    def licence_of(self) -> Licence | None:
        return self._known.get(self.cleaned_data["licence"])


class InviteForm(SeatForm):
    """Whom to ask, as what."""

    email = forms.CharField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off", **LATIN})
    )
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MEMBER)
    field_order = ("email", "role", "licence")

    def __init__(self, *args: Any, owner: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not owner:
            self.fields["role"].choices = _below_owner()  # type: ignore[attr-defined]  # ChoiceField


class RoleForm(forms.Form):
    """What a member is."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)

    def __init__(self, *args: Any, owner: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not owner:
            self.fields["role"].choices = _below_owner()  # type: ignore[attr-defined]  # ChoiceField


def _below_owner() -> list[tuple[str, Any]]:
    return [(value, label) for value, label in Role.choices if value != Role.OWNER]


class MoveForm(forms.Form):
    """To whom a seat goes."""

    user = forms.CharField(
        label=_("Move this seat to (e-mail address)"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off", **LATIN}),
    )


class AskForm(SeatForm):
    """What somebody needs, in their words."""

    note = forms.CharField(
        label=_("Note to your admins"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class RuleForm(forms.Form):
    join_rule = forms.ChoiceField(label=_("Who may join"), choices=JoinRule.choices, widget=forms.RadioSelect)


class DomainForm(forms.Form):
    name = forms.CharField(
        label=_("Mail domain"),
        max_length=300,
        help_text=_("What stands behind the @ of your people's addresses."),
        widget=forms.TextInput(attrs=LATIN),
    )


class NetworkForm(forms.Form):
    cidr = forms.CharField(
        label=_("Network"),
        max_length=60,
        help_text=_("The public addresses of your house, such as 93.184.216.0/24 or 2a00:1450:4001::/48."),
        widget=forms.TextInput(attrs=LATIN),
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200)


class ConsentForm(forms.Form):
    consent = forms.BooleanField(label=_("Yes, I want to join with this account."), required=False)


class MergeForm(forms.Form):
    email = forms.CharField(
        label=_("The other account's e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", **LATIN}),
    )


class SearchForm(forms.Form):
    q = forms.CharField(label=_("Name or address"), required=False, max_length=100)
