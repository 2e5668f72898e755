"""What staff types about a customer's people and places. Each form wants a reason."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from newsroom.accounts.models import JoinRule, Membership, Organisation, User
from newsroom.core.clock import now
from newsroom.licensing import seats
from newsroom.licensing.models import Licence

Role = Membership.Role


class Reasoned(forms.Form):
    """A deed on one organisation, with its reason."""

    why = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.order_fields([name for name in self.fields if name != "why"] + ["why"])


class SeatForm(Reasoned):
    """Which of the organisation's licences with seats."""

    licence = forms.ChoiceField(label=_("Seat in"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        versions = seats.of_organisation(self.organisation.pk, now())
        self.known: dict[str, Licence] = {str(each.licence_id): each.licence for each in versions}
        none = [] if self.fields["licence"].required else [("", _("No seat"))]
        named = [(number, str(each)) for number, each in self.known.items()]
        self.fields["licence"].choices = [*none, *named]  # type: ignore[attr-defined]  # ChoiceField

    def licence_of(self) -> Licence | None:
        return self.known.get(self.cleaned_data["licence"])


class InviteForm(SeatForm):
    licence = forms.ChoiceField(label=_("Seat in"), required=False)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.MEMBER)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["email", "role", "licence", "why"])


class RoleForm(Reasoned):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class MoveForm(SeatForm):
    user = forms.EmailField(label=_("Move this seat to (e-mail address)"), max_length=254)


class RuleForm(Reasoned):
    join_rule = forms.ChoiceField(label=_("Who may join"), choices=JoinRule.choices)


class DomainForm(Reasoned):
    name = forms.CharField(label=_("Mail domain"), max_length=300)


class NetworkForm(Reasoned):
    cidr = forms.CharField(label=_("Network"), max_length=60)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class MergeForm(forms.Form):
    """Two accounts of one person, of which one address is dead."""

    keep = forms.EmailField(label=_("The account that goes on"), max_length=254)
    gone = forms.EmailField(
        label=_("The account that becomes part of it"),
        max_length=254,
        help_text=_("Its address no longer answers. If it does, the person asks for it on their own account's page."),
    )
    why = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def clean_keep(self) -> User:
        return self._person("keep")

    def clean_gone(self) -> User:
        return self._person("gone")

    def _person(self, field: str) -> User:
        found = User.objects.filter(email=self.cleaned_data[field].strip().lower(), is_active=True).first()
        if found is None:
            raise forms.ValidationError(_("Nobody signs in with this address."))
        return found


class WhyForm(forms.Form):
    why = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
