"""The rows of pages that tell of no story at all."""

from collections.abc import Iterable

from tests.leaks.surfaces.surface import Ask, Surface
from tests.leaks.world import World

SIGNED_IN_AND_NOT = ("anonymous", "licensed", "wrong product")
ADDRESSES = {
    "healthz": "/healthz",
    "readyz": "/readyz",
    "unsubscribe": "/unsubscribe/unknown/",
    "about": "/about/",
    "contact": "/contact/",
    "terms": "/terms/",
    "feeds": "/feeds/",
    "language": "/language/",
    "robots": "/robots.txt",
    "sitemap": "/sitemap.xml",
    "sitemap_sections": "/sitemaps/sections.xml",
    "account": "/account/",
    "profile": "/account/profile/",
    "sign_out": "/account/logout/",
    "account_login": "/account/login/",
    "account_logout": "/account/logout/",
    "account_inactive": "/account/inactive/",
    "account_signup": "/account/signup/",
    "account_reauthenticate": "/account/reauthenticate/",
    "account_email": "/account/email/",
    "account_email_verification_sent": "/account/confirm-email/",
    "account_confirm_email": "/account/confirm-email/unknown/",
    "account_change_password": "/account/password/change/",
    "account_set_password": "/account/password/set/",
    "account_reset_password": "/account/password/reset/",
    "account_reset_password_done": "/account/password/reset/done/",
    "account_reset_password_from_key": "/account/password/reset/key/1-unknown/",
    "account_reset_password_from_key_done": "/account/password/reset/key/done/",
    "account_confirm_login_code": "/account/login/code/confirm/",
    "mfa_index": "/account/two-factor/",
    "mfa_authenticate": "/account/two-factor/authenticate/",
    "mfa_reauthenticate": "/account/two-factor/reauthenticate/",
    "mfa_activate_totp": "/account/two-factor/totp/activate/",
    "mfa_deactivate_totp": "/account/two-factor/totp/deactivate/",
    "mfa_view_recovery_codes": "/account/two-factor/recovery-codes/",
    "mfa_generate_recovery_codes": "/account/two-factor/recovery-codes/generate/",
    "mfa_download_recovery_codes": "/account/two-factor/recovery-codes/download/",
    "usersessions_list": "/account/sessions/",
}
MONEY = {
    "pricing": "/pricing/",
    "checkout": "/checkout/unknown/",
    "checkout_success": "/checkout/success/",
    "checkout_cancelled": "/checkout/cancelled/",
    "subscription": "/account/subscription/",
    "subscription_cancel": "/account/subscription/cancel/",
    "subscription_change": "/account/subscription/change/",
    "subscription_confirm": "/account/subscription/change/confirm/",
    "subscription_undo": "/account/subscription/change/undo/",
    "subscription_drop": "/account/subscription/change/drop/",
    "subscription_pause": "/account/subscription/pause/",
    "subscription_go_on": "/account/subscription/go-on/",
    "subscription_code": "/account/subscription/code/",
    "subscription_come_back": "/account/subscription/come-back/",
    "subscription_resume": "/account/subscription/resume/",
    "subscription_card": "/account/subscription/card/",
    "subscription_return": "/account/subscription/back/",
    "invoices": "/account/invoices/",
    "invoice": "/account/invoices/1/",
    "stripe_webhook": "/stripe/webhook/",
}


def quiet(world: World) -> Iterable[Ask]:
    """Each address alone, with a story's address to come back to, and as a form."""
    back = f"/story/{world.stories['live'].slug}/"
    for path in ADDRESSES.values():
        yield Ask(path)
        yield Ask(f"{path}?next={back}")
        yield Ask(path, method="POST", form={"next": back, "language": "en"})


def money(world: World) -> Iterable[Ask]:
    """Looked at, not acted on: behind the forms stands Stripe."""
    back = f"/story/{world.stories['live'].slug}/"
    for path in MONEY.values():
        yield Ask(path)
        yield Ask(f"{path}?next={back}")
    yield Ask(MONEY["stripe_webhook"], method="POST", form={"id": "evt_1"})


ROWS = (
    Surface("pages without stories", tuple(ADDRESSES), quiet, readers=SIGNED_IN_AND_NOT),
    Surface("pages about money", tuple(MONEY), money, readers=SIGNED_IN_AND_NOT),
)
