"""The page that explains an answer of the gate. It reads, and records nothing: no use is counted by asking."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from newsroom.access.explain import Answer, as_of, reader_then
from newsroom.access.steps import Weighed
from newsroom.core.clock import now
from newsroom.licensing.models import Licence
from newsroom.licensing.rights.lookup import named as holder_named
from newsroom.licensing.rights.words import quota
from newsroom.licensing.rules import Use
from newsroom.newsdesk.explain import words
from newsroom.newsdesk.explain.forms import ExplainForm
from newsroom.newsdesk.explain.remedies import changes
from newsroom.newsdesk.explain.words import Context
from newsroom.newsdesk.licences.views import Page
from newsroom.wire.models import Item, Product, Release

ALWAYS_OPEN = 3


class Explain(Page, TemplateView):
    """Whoever, whichever story, at whatever moment: the rules that were walked, and what would change the answer."""

    template_name = "newsdesk/explain.html"
    page_title = _("Explain access")
    header_icon = "help"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = self.request.GET
        form = ExplainForm(asked if asked.get("story") or asked.get("who") else None, initial=asked.dict())
        context = super().get_context_data(**kwargs) | {"form": form}
        if not form.is_bound:
            return context
        if not form.is_valid():
            return context | {"choices": [(self._with(**{name: value}), label) for name, value, label in form.choices]}
        at = form.cleaned_data["at"] or now()
        return context | self._answered(form, at)

    def _with(self, **changed: str) -> str:
        """The same question with this answered otherwise."""
        return "?" + urlencode({**self.request.GET.dict(), **changed})

    def _answered(self, form: ExplainForm, at: datetime) -> dict[str, Any]:
        asked = form.cleaned_data
        item: Item = asked["story"]
        use = Use(asked["use"] or Use.READ)
        reader = reader_then(asked["who"], at=at, address=asked["address"] or "", country=asked["country"])
        answer = as_of(reader=reader, item=item, use=use, at=at, manner=form.manner())
        fixed = timezone.localtime(at).strftime("%Y-%m-%dT%H:%M:%S")
        shown = Release.objects.public(now()).filter(item=item).first()
        return {
            "answer": answer,
            "decision": answer.decision,
            "item": item,
            "headline": shown.headline if shown else "",
            "who": asked["who"],
            "use": use,
            "at": at,
            "here": self._with(at=fixed, story=item.uri),
            "verdict": words.VERDICTS[answer.decision.reason],
            "tier": words.tier_words(answer.decision.tier),
        } | _walked(answer, use)


def _walked(answer: Answer, use: Use) -> dict[str, Any]:
    """The steps in words, the licences by name, and what would change the answer."""
    weighed = answer.explanation.licences
    held = {product for each in weighed for product in each.terms.products or ()} | answer.rights.products
    names = dict(Product.objects.filter(pk__in=held).values_list("pk", "name"))
    found = Licence.objects.select_related("user", "organisation").in_bulk([each.terms.licence_id for each in weighed])
    context = Context(answer, use, names)
    story = [words.line(step, context) for step in answer.explanation.story]
    if answer.explanation.story[-1].passed:
        story.append(words.free(context))
    preferred = answer.explanation.preferred
    return {
        "story": story,
        "licences": [_card(each, found[each.terms.licence_id], context, place) for place, each in enumerate(weighed)],
        "preferred": words.PREFERRED[preferred] if preferred else "",
        "changes": changes(answer, context, found, now()),
        "decided_by_story": answer.explanation.decided_by_story,
    }


def _card(weighed: Weighed, licence: Licence, context: Context, place: int) -> dict[str, Any]:
    """One licence as it is shown."""
    about = Context(context.answer, context.use, context.products, weighed.terms)
    counted = weighed.terms.quota_for(context.use)
    return {
        "licence": licence,
        "holder": holder_named(licence.holder),
        "version": weighed.terms.version,
        "clause": weighed.terms.clause,
        "allowed": weighed.allowed,
        "named": licence.pk == context.answer.decision.licence_id,
        "lines": [words.line(step, about) for step in weighed.steps],
        "quota": quota(counted) if counted and weighed.allowed else "",
        "open": place < ALWAYS_OPEN,
    }
