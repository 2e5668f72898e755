"""Where persons are found, and what of it the law or a claim keeps. One list, which the decision 0017 explains."""

from django.utils.translation import gettext_lazy as _

JOURNALISM = (
    "wire_", "content_", "wagtailcore_revision", "wagtailsearch_", "wagtailcore_referenceindex", "django_migrations",
    "django_content_type", "auth_permission",
)  # fmt: skip
"""Tables (by how their names begin) that hold stories or no persons at all: what a story says of a person is
journalism (GDPR, article 85), and a takedown is the way to it."""

KEPT_BY_LAW = {
    "billing_invoice": _("invoices: commercial and tax law"),
    "billing_creditnote": _("invoices: commercial and tax law"),
    "billing_payment": _("payments: commercial and tax law"),
    "billing_refund": _("payments: commercial and tax law"),
    "billing_dispute": _("payments: commercial and tax law"),
    "billing_purchase": _("payments: commercial and tax law"),
    "licensing_contractevent": _("contracts and what was attested: defence of legal claims"),
    "licensing_deletionduty": _("contracts and what was attested: defence of legal claims"),
    "licensing_document": _("documents issued: defence of legal claims"),
    "licensing_documentfile": _("documents issued: defence of legal claims"),
    "licensing_documentstanding": _("documents issued: defence of legal claims"),
    "licensing_quoteanswer": _("acceptances: defence of legal claims"),
    "licensing_evidencepack": _("evidence packs: defence of legal claims"),
    "licensing_takedown": _("orders of courts: legal obligation"),
}
"""Tables that stay as they are, with the reason that is told to who asks."""

OUTSIDERS = ("sandbox_",)
"""Tables of a stand-in for somebody else's service, which has its own duties."""

DELETED_OF_USER = (
    "account_emailconfirmation", "account_emailaddress", "accounts_address", "mfa_authenticator", "usersessions_usersession",
    "wagtailadmin_formstate", "wagtailadmin_editingsession", "wagtailusers_userprofile", "accounts_formername",
    "wagtailcore_uploadedfile", "wagtailcore_apitoken", "accounts_user_groups", "accounts_user_user_permissions",
)  # fmt: skip
"""Tables whose rows of a person go altogether."""

SECRET = ("password", "secret", "token", "session_key", "digest", "key", "bearer", "data_salt", "vector")
SECRET_COLUMNS = frozenset({("mfa_authenticator", "data"), ("usersessions_usersession", "data")})
"""Columns that no export shows: whoever reads it could act as the person."""


def kept(table: str) -> bool:
    return table in KEPT_BY_LAW or table.startswith((*JOURNALISM, *OUTSIDERS))
