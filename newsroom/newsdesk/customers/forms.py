"""What staff ask and write down about customers."""

from django import forms
from django.utils.translation import gettext_lazy as _


class Words(forms.Form):
    """Whom to find."""

    words = forms.CharField(
        label=_("Customer"),
        required=False,
        max_length=254,
        help_text=_("A name, an e-mail or network address, a domain, an invoice or a contract number."),
        widget=forms.TextInput(attrs={"type": "search"}),
    )


class NoteForm(forms.Form):
    """What a colleague should know."""

    text = forms.CharField(label=_("Note"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class ViewAsForm(forms.Form):
    """Why the site is looked at with somebody else's eyes."""

    why = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
