"""The addresses of the public site."""

from django.urls import include, path, re_path

from newsroom.portal.views import account, lists, machines, search, site

WORD = r"[-\w]+"

urlpatterns = [
    path("", lists.front, name="front"),
    re_path(rf"^section/(?P<code>{WORD})/$", lists.section, name="section"),
    re_path(r"^topic/(?P<address>[-\w:.]+)/$", lists.topic, name="topic"),
    path("search/", search.find, name="search"),
    path("about/", site.about, name="about"),
    path("terms/", site.terms, name="terms"),
    path("feeds/", site.feeds, name="feeds"),
    path("language/", site.language, name="language"),
    path("robots.txt", machines.robots, name="robots"),
    path("sitemap.xml", machines.sitemap_index, name="sitemap"),
    path("sitemaps/sections.xml", machines.sitemap_sections, name="sitemap_sections"),
    re_path(r"^sitemaps/(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})\.xml$", machines.sitemap_day, name="sitemap_day"),
    path("news-sitemap.xml", machines.news_sitemap, name="news_sitemap"),
    path("", include("newsroom.portal.gift_urls")),
    path("", include("newsroom.portal.purchase_urls")),
    path("account/", account.overview, name="account"),
    path("account/profile/", account.profile, name="profile"),
    path("account/logout/", account.sign_out, name="sign_out"),
    path("account/", include("allauth.account.urls")),
    path("account/two-factor/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
]
