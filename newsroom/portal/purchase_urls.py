"""The addresses of what is bought once."""

from django.urls import path, re_path

from newsroom.portal.views import companies, gift_plans, purchases

STORY = r"^story/(?P<slug>[-\w]+)/licence/"

urlpatterns = [
    re_path(rf"{STORY}$", purchases.story_licence, name="story_licence"),
    re_path(rf"{STORY}buy/$", purchases.buy_story, name="story_buy"),
    path("day-pass/", purchases.day_pass, name="day_pass"),
    path("bought/<uuid:ref>/", purchases.bought, name="bought"),
    path("account/purchases/", purchases.mine, name="purchases"),
    path("account/purchases/<uuid:ref>/certificate.pdf", purchases.certificate, name="purchase_certificate"),
    path("give/", gift_plans.give, name="gift_plan"),
    path("redeem/", gift_plans.redeem, name="redeem"),
    re_path(r"^redeem/(?P<code>[-A-Za-z0-9]{1,40})/$", gift_plans.redeem, name="redeem_code"),
    path("account/company/", companies.company, name="company"),
    path("account/billing/portal/", purchases.billing_portal, name="billing_portal"),
]
