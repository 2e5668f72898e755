"""What crawlers ask first: robots, sitemaps. Only what everybody may see is named."""

from datetime import date, timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from newsroom.core.clock import now
from newsroom.portal import querysets, sections

NEWS_HOURS = 48
NEWS_MOST = 1000
CLOSED = ("/account/", "/checkout/", "/desk/", "/language/", "/organisation/", "/search/", "/stripe/")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), ""]
    lines += [f"Sitemap: {settings.BASE_URL}/{name}" for name in ("sitemap.xml", "news-sitemap.xml")]
    return _kept(HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8"), seconds=3600)


@require_safe
def sitemap_index(request: HttpRequest) -> HttpResponse:
    """A sitemap for the sections, and one for each day on which a story came out."""
    days = querysets.days(now())
    return _xml(request, "portal/machines/sitemap_index.xml", {"days": days})


@require_safe
def sitemap_sections(request: HttpRequest) -> HttpResponse:
    return _xml(request, "portal/machines/sitemap_sections.xml", {"desks": sections.desks()})


@require_safe
def sitemap_day(request: HttpRequest, day: str) -> HttpResponse:
    try:
        of = date.fromisoformat(day)
    except ValueError:
        raise Http404 from None
    stories = querysets.listed(querysets.of_day(of, now()))
    if not stories:
        raise Http404
    return _xml(request, "portal/machines/sitemap_day.xml", {"stories": stories})


@require_safe
def news_sitemap(request: HttpRequest) -> HttpResponse:
    """The last 48 hours, as https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap says."""
    at = now()
    recent = querysets.since(at - timedelta(hours=NEWS_HOURS), at)[:NEWS_MOST]
    return _xml(request, "portal/machines/news_sitemap.xml", {"stories": querysets.listed(recent)})


def _xml(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    facts = context | {"base_url": settings.BASE_URL, "site_name": settings.SITE_NAME}
    return _kept(
        HttpResponse(render_to_string(template, facts), content_type="application/xml; charset=utf-8"), seconds=60
    )


def _kept(response: HttpResponse, *, seconds: int) -> HttpResponse:
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    return response
