"""Pages that hold no news: about, contact, terms, the language switch."""

from email.utils import parseaddr

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from newsroom.core.templatetags.components import language_name
from newsroom.portal import sections

YEAR = 365 * 24 * 3600


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/about.html")


def addresses() -> dict[str, str]:
    """Where to write to, by what it is about."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2]
    return {name: f"{name}@{domain}" for name in ("sales", "help", "desk")}


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/terms.html")


@csrf_exempt  # so that pages for everybody hold no token; the worst a forged one does is another language
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Remember the language in a cookie and go back to a page of ours."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not back.startswith("/"):
        back = "/"
    return remember_language(HttpResponseRedirect(back), request.POST.get("language", ""))


def remember_language(response: HttpResponse, code: str) -> HttpResponse:
    """The answer, with the cookie that keeps the language; as it is for a language we do not have."""
    if code in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=YEAR,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
    return response


@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    """The addresses of the feeds, for people."""
    languages = [(code, language_name(code)) for code, _name in settings.LANGUAGES]
    links = sections.navigation(request)["sections"]
    return render(request, "portal/feeds.html", {"links": links, "languages_of_feeds": languages})
