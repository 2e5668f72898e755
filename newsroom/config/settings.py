"""Django's settings. Each value that differs between machines comes from `env`."""

from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from redis.backoff import NoBackoff
from redis.retry import Retry

from newsroom.config.env import ROOT, env

MODE = env.NEWSROOM_MODE
DEBUG = env.DEBUG
SECRET_KEY = env.SECRET_KEY or ("" if MODE == "production" else "not-secret-" + "0123456789" * 5)
BASE_URL = env.BASE_URL.rstrip("/")
SITE_NAME = env.SITE_NAME
SELLER_COUNTRY = env.SELLER_COUNTRY
ALLOWED_HOSTS = list(env.ALLOWED_HOSTS)
CSRF_TRUSTED_ORIGINS = [BASE_URL]

if MODE == "production":
    if len(SECRET_KEY) < 50:
        raise ImproperlyConfigured("SECRET_KEY must be set to 50 characters or more when NEWSROOM_MODE=production.")
    if DEBUG:
        raise ImproperlyConfigured("DEBUG must be off when NEWSROOM_MODE=production.")
    if env.BILLING_MODE == "sandbox":
        raise ImproperlyConfigured("BILLING_MODE=sandbox is refused when NEWSROOM_MODE=production.")
if env.BILLING_MODE == "sandbox" and env.STRIPE_SECRET_KEY:
    raise ImproperlyConfigured("BILLING_MODE=sandbox is refused while STRIPE_SECRET_KEY is set.")
if env.BILLING_MODE == "stripe" and not env.STRIPE_SECRET_KEY:
    raise ImproperlyConfigured("BILLING_MODE=stripe needs STRIPE_SECRET_KEY.")

INSTALLED_APPS = [
    "newsroom.core",
    "newsroom.accounts",
    "newsroom.wire",
    "newsroom.licensing",
    "newsroom.access",
    "newsroom.billing",
    "newsroom.content",
    "newsroom.delivery",
    "newsroom.portal",
    "newsroom.newsdesk",
    "wagtail.contrib.settings",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]
if env.BILLING_MODE == "sandbox":
    INSTALLED_APPS.append("newsroom.sandbox")

MIDDLEWARE = [
    "newsroom.core.middleware.RequestId",
    "newsroom.core.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "newsroom.portal.pages.KeptPages",
    "newsroom.core.middleware.Unavailable",  # what stands above it asks no service
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "newsroom.accounts.middleware.ReaderMiddleware",
    "newsroom.accounts.viewing.ViewAsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "newsroom.config.urls"
WSGI_APPLICATION = "newsroom.config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "newsroom.core.context.site",
                "newsroom.portal.sections.navigation",
            ],
        },
    }
]


def database(url: str) -> dict[str, Any]:
    """Django's settings for `postgresql://user:password@host:port/name`; `?host=/dir` names a socket."""
    parts = urlsplit(url)
    if url and parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"DATABASE_URL must begin with postgresql://, not {parts.scheme}://")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "newsroom",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host") or unquote(parts.hostname or ""),
        "PORT": query.get("port") or str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 3},
        "ATOMIC_REQUESTS": False,
    }


DATABASES = {"default": database(env.DATABASE_URL)}
if env.BILLING_MODE == "sandbox":
    # A connection of its own: what the stand-in for Stripe did must not roll back with our transaction.
    DATABASES["sandbox"] = database(env.DATABASE_URL) | {"TEST": {"MIRROR": "default"}}
    DATABASE_ROUTERS = ["newsroom.sandbox.router.SandboxRouter"]

CACHES = {
    "default": {
        "BACKEND": "newsroom.core.cache.Cache",
        "LOCATION": env.REDIS_URL or "redis://127.0.0.1:6379/0",
        "KEY_PREFIX": "newsroom",
        # One quick second try: a connection may be stale, but nobody waits for a server that is away.
        "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2, "retry": Retry(NoBackoff(), 1)},
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = env.BEHIND_TLS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if env.BEHIND_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.BEHIND_TLS else None
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"


def broker(url: str) -> str:
    """Celery's words for `unix:///path?db=0`; any other address as it is."""
    if not url.startswith("unix://"):
        return url
    parts = urlsplit(url)
    return f"redis+socket://{parts.path}?virtual_host={dict(parse_qsl(parts.query)).get('db', '0')}"


CELERY_BROKER_URL = env.CELERY_BROKER_URL or broker(env.REDIS_URL) or "redis://127.0.0.1:6379/0"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["newsroom.accounts.backends.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
PASSWORD_HASHERS = [f"django.contrib.auth.hashers.{'MD5' if MODE == 'test' else 'Scrypt'}PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/account/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_ADAPTER = "newsroom.accounts.adapter.AccountAdapter"
ACCOUNT_RATE_LIMITS = {} if MODE == "test" else {"login_failed": "10/m/ip,5/5m/key", "signup": "20/m/ip"}

TRUSTED_PROXIES = env.TRUSTED_PROXIES
COUNTRY_HEADER = env.COUNTRY_HEADER
DNS_SERVERS = list(env.DNS_SERVERS)
DOMAIN_RESOLVER = "newsroom.accounts.resolver.Resolver"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("tr", _("Turkish")), ("ar", _("Arabic")), ("fr", _("French"))]
LOCALE_PATHS = [ROOT / "newsroom" / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.TIME_ZONE

STATIC_URL = "/static/"
STATIC_ROOT = env.DATA_ROOT / "static"
MEDIA_ROOT = env.DATA_ROOT / "media"  # private: no address serves this folder
MEDIA_URL = "/nowhere/"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "vault": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": env.DATA_ROOT / "vault", "base_url": None},
    },
    "desk": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": env.DATA_ROOT / "desk", "base_url": "/desk/pictures/file/"},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if MODE in {"production", "demo"}
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# Without `collectstatic`, files are looked for where they are written.
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = MODE in {"development", "test"}

CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/desk/"],
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # Where our forms lead on to: Checkout, the billing portal, an invoice, its PDF.
        "form-action": [SELF, *(f"https://{name}.stripe.com" for name in ("checkout", "billing", "invoice", "pay"))],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
if env.EMAIL_URL:
    _mail = urlsplit(env.EMAIL_URL)
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = _mail.hostname or "", _mail.port or 25
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
    EMAIL_USE_TLS = _mail.port == 587
    EMAIL_USE_SSL = _mail.scheme == "smtps"
DEFAULT_FROM_EMAIL = env.DEFAULT_FROM_EMAIL

DISCOUNT_LIMIT = env.DISCOUNT_LIMIT

BILLING_MODE = env.BILLING_MODE
STRIPE_SECRET_KEY = env.STRIPE_SECRET_KEY
STRIPE_WEBHOOK_SECRETS = list(env.STRIPE_WEBHOOK_SECRETS)
if BILLING_MODE == "sandbox":
    BILLING_HTTP_CLIENT = "newsroom.sandbox.transport.SandboxClient"
    CLOCK_OFFSET = "newsroom.sandbox.clock.offset"
    STRIPE_WEBHOOK_SECRETS = STRIPE_WEBHOOK_SECRETS or [f"whsec_sandbox_{sha256(SECRET_KEY.encode()).hexdigest()[:32]}"]

WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAILADMIN_LOGIN_URL = LOGIN_URL
WAGTAILIMAGES_IMAGE_MODEL = "content.Picture"
WAGTAILIMAGES_RENDITION_STORAGE = "desk"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_FINISH_WORKFLOW_ACTION = "newsroom.content.workflow.publish_approved"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_I18N_ENABLED = False
WAGTAILADMIN_PERMITTED_LANGUAGES = [("en", "English"), ("tr", "Türkçe"), ("ar", "العربية"), ("fr", "Français")]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

GIFTS_A_MONTH = env.GIFTS_A_MONTH
BANK_DETAILS = env.BANK_DETAILS
CONTRACT_SLACK_DAYS = env.CONTRACT_SLACK_DAYS
CONTRACT_DELETION_DAYS = env.CONTRACT_DELETION_DAYS

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # the address is unique whatever its case: a constraint on Lower("email")

LOGGING_CONFIG = "newsroom.core.logs.configure"
LOGGING = {"level": env.LOG_LEVEL, "lines": "json" if MODE == "production" else "readable"}
