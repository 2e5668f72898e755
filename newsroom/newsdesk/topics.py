"""Choosing topics: a thousand and more, so there is a search."""

from django import forms
from django.db.models import Case, Q, QuerySet, When
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from newsroom.wire.models import Topic


class TopicSearch(BaseFilterForm):
    """By name in any language, or by code."""

    q = forms.CharField(
        label=_("Search term"), required=False, widget=forms.TextInput(attrs={"placeholder": _("Search")})
    )

    def filter(self, objects: "QuerySet[Topic]") -> "QuerySet[Topic]":
        objects = objects.filter(retired=False)
        words = self.cleaned_data["q"].strip()
        if not words:
            return objects
        self.is_searching, self.search_query = True, words
        found = objects.filter(Q(name__icontains=words) | Q(names__icontains=words) | Q(code__icontains=words))
        near = Case(
            When(name__iexact=words, then=0),
            When(name__istartswith=words, then=1),
            When(name__icontains=f" {words}", then=2),
            default=3,
        )
        return found.order_by(near, "name")


class ChooseTopic(ChooseView):
    filter_form_class = TopicSearch


class ChooseTopicResults(ChooseResultsView):
    filter_form_class = TopicSearch


class TopicChooser(ChooserViewSet):
    model = Topic
    icon = "tag"
    choose_one_text = _("Choose a topic")
    choose_another_text = _("Choose another topic")
    per_page = 20
    choose_view_class = ChooseTopic
    choose_results_view_class = ChooseTopicResults
