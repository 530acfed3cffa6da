"""Settings. Every value comes from the environment; each default suits the embedded services of `make run`."""

import json
import os
from dataclasses import astuple
from importlib.util import find_spec
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF

from ecpd.timeouts import DEFAULTS, Timeouts

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("ECPD_DATA_DIR", str(BASE_DIR / ".data")))
SERVICES_FILE = DATA_DIR / "run" / "services.json"


def _service(name: str, fallback: str) -> str:
    """A service's address: from the environment, else from the running embedded services."""
    if value := env.str(name, ""):
        return value
    if os.access(SERVICES_FILE, os.R_OK):
        return json.loads(SERVICES_FILE.read_text()).get(name, fallback)
    return fallback


# The secret key is made at set-up and kept beside the data, unless the environment gives one.
def _secret_key() -> str:
    """The signing key: SECRET_KEY, else .data/secret_key, else a key good for this process only."""
    if key := env.str("SECRET_KEY", ""):
        return key
    stored = DATA_DIR / "secret_key"
    if os.access(stored, os.R_OK):
        return stored.read_text().strip()
    from django.core.management.utils import get_random_secret_key

    return get_random_secret_key()


def _factor_keys() -> list[str]:
    """The keys of the second factors' secrets (AC-01), the newest first: ECPD_MFA_KEY, else .data/mfa_key, else none."""
    stored = DATA_DIR / "mfa_key"
    return (
        (env.str("ECPD_MFA_KEY", "") or (stored.read_text() if os.access(stored, os.R_OK) else ""))
        .replace(",", " ")
        .split()
    )


SECRET_KEY = _secret_key()
FACTOR_KEYS = _factor_keys()
DEBUG = env.bool("DEBUG", False)
DEMO = env.bool("ECPD_DEMO", False)
DEMO_LOADERS = ["parking.demo.load.load"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("ECPD_HTTPS", False)

INSTALLED_APPS = [
    "ecpd.accounts",
    "ecpd.policy",
    "ecpd.audit",
    "ecpd.web",
    "cases",
    "leads",
    "parking",
    "ecpd.audit.site.AuditAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_cotton",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "drf_spectacular",
    "guardian",
    "pgtrigger",
    "rest_framework",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "auditlog",
    "csp",
]

MIDDLEWARE = [
    "ecpd.web.client_address.ClientAddressMiddleware",
    "ecpd.web.health.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ecpd.web.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "ecpd.accounts.middleware.IdleLockMiddleware",
    "ecpd.accounts.middleware.SecondFactorMiddleware",
    "ecpd.web.forms_page.FormsPageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
    "ecpd.audit.middleware.RequestContextMiddleware",
    "ecpd.policy.middleware.ManualMiddleware",
    "ecpd.web.middleware.ProblemMiddleware",
]

ROOT_URLCONF = "ecpd.urls"
WSGI_APPLICATION = "ecpd.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ecpd.web.context.layout",
            ],
        },
    }
]

# The application signs in as a role that may not delete records, alter triggers or touch the log (AC-07, AU-01).
# Migrations run as the owner, the chain is sealed and verified as the sealer: manage.py says which.
_OWNER, _SEALER = env.bool("ECPD_AS_OWNER", False), env.bool("ECPD_AS_SEALER", False)
_DATABASE_URL = _service("DATABASE_URL", "postgres:///ecpd")
if _OWNER:
    _DATABASE_URL = _service("DATABASE_OWNER_URL", _DATABASE_URL)
elif _SEALER:
    _DATABASE_URL = _service("DATABASE_SEALER_URL", _DATABASE_URL)
DATABASE_APP_ROLE = env.str("ECPD_DATABASE_APP_ROLE", "ecpd_app")
# What kind of process this is: the entry point says so (wsgi, asgi, celery, manage.py).
_PROCESS = "owner" if _OWNER else "sealer" if _SEALER else env.str("ECPD_PROCESS", "command")
_TIMEOUTS = Timeouts(*env.list(f"ECPD_{_PROCESS.upper()}_TIMEOUTS", int, astuple(DEFAULTS[_PROCESS])))
DATABASE_SEALER_ROLE = env.str("ECPD_DATABASE_SEALER_ROLE", "ecpd_sealer")
DATABASES = {
    "default": (_DATABASE := env.db_url_config(_DATABASE_URL))
    | {
        "OPTIONS": _DATABASE.get("OPTIONS", {}) | {"options": _TIMEOUTS.options(_PROCESS)},
        "CONN_MAX_AGE": env.int("DATABASE_CONN_MAX_AGE", 60),
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "ecpd.accounts.backends.AccountBackend",
    "guardian.backends.ObjectPermissionBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "ecpd.accounts.passwords.GuessableValidator"},
]
GUARDIAN_RAISE_403 = True
ANONYMOUS_USER_NAME = None
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "ecpd.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_RATE_LIMITS = False  # ecpd.accounts.lockout counts (AC-02); two limits would confuse who is locked out
ACCOUNT_FORMS = {"change_password": "ecpd.accounts.password_forms.ChangePasswordForm"}
ACCOUNT_PREVENT_ENUMERATION = True

# AC-01: allauth keeps the second factors; that there is one, nothing but ecpd.accounts.middleware makes sure.
MFA_ADAPTER = "ecpd.accounts.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "ecpd.accounts.forms.CodeForm",
    "reauthenticate": "ecpd.accounts.forms.CodeAgainForm",
    "activate_totp": "ecpd.accounts.forms.SetUpAppForm",
    "add_webauthn": "ecpd.accounts.forms.AddPasskeyForm",
}
MFA_TOTP_ISSUER = "ECPD"
MFA_TOTP_TOLERANCE = (
    1  # a clock may be half a minute off; no code is taken twice whatever it says (ecpd.accounts.codes)
)
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # what one page asked for cannot be answered for another that asks more
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RECOVERY_CODE_DIGITS = 10
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nothing here rests on an e-mail address
MFA_RATE_LIMITS = False  # a passkey cannot be guessed; codes are counted by ecpd.accounts.codes
SESSION_HOURS = 12  # AC-11: then one signs in again

SILENCED_SYSTEM_CHECKS = [
    "security.W021",  # preloading binds the whole domain for good; its owner says so by SECURE_HSTS_PRELOAD
]

IDLE_LOCK_SECONDS = env.int("ECPD_IDLE_LOCK_SECONDS", 30 * 60)  # AC-03
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"  # not Strict: links in mail lead people in who are signed in
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", HTTPS)
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", False)
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
# Whose X-Forwarded-For and -Proto are believed: proxies' addresses or networks. One on this machine needs no naming.
BEHIND_TLS_PROXY = env.bool("ECPD_BEHIND_TLS_PROXY", False)
TRUSTED_PROXIES = env.list("ECPD_TRUSTED_PROXIES", default=["127.0.0.0/8", "::1"] if BEHIND_TLS_PROXY else [])
if BEHIND_TLS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
PARKING_TILES = env.str("ECPD_TILES", "")  # https://host/{z}/{x}/{y}.png; empty: maps draw the city's own data alone
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *([PARKING_TILES.split("/{")[0]] if PARKING_TILES else [])],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

ORGANIZATION = env.str("ECPD_ORGANIZATION", "El Cerrito Police Department")  # named in every look at plate data (PK-06)

# Messages of the permit portal. Without a mail server they are printed by the web process (EMAIL_BACKEND set to
# django.core.mail.backends.filebased.EmailBackend: written under DATA_DIR/mail).
EMAIL_BACKEND = env.str("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")
EMAIL_FILE_PATH = env.str("EMAIL_FILE_PATH", str(DATA_DIR / "mail"))
EMAIL_HOST = env.str("EMAIL_HOST", "localhost")
EMAIL_PORT = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "parking@localhost")
PUBLIC_URL = env.str("ECPD_PUBLIC_URL", "").rstrip("/")  # where the public reaches this site, for messages

LANGUAGE_CODE = "en-us"
TIME_ZONE = "America/Los_Angeles"  # shown; stored in UTC
USE_I18N = False
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
ASSETS_DIR = DATA_DIR / "assets"  # front-end packages fetched and checked at set-up
# Leaflet comes out of django-leaflet's wheel. The app itself wants GDAL, which nothing here needs.
LEAFLET_DIR = Path(str(find_spec("leaflet").origin)).parent / "static" / "leaflet"
STATICFILES_DIRS = [BASE_DIR / "static", ("leaflet", LEAFLET_DIR), *([ASSETS_DIR] if ASSETS_DIR.is_dir() else [])]
WHITENOISE_USE_FINDERS = True
WHITENOISE_ROOT = BASE_DIR / "static" / "root"  # what browsers ask for by a fixed address: /favicon.ico
MEDIA_ROOT = Path(env.str("ECPD_MEDIA_ROOT", str(DATA_DIR / "media")))
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
EVIDENCE_MAX_BYTES = env.int("ECPD_EVIDENCE_MAX_BYTES", 200 * 2**20)

PARKING_BATCH_ITEMS = env.int("ECPD_PARKING_BATCH_ITEMS", 500)
PARKING_IMAGE_BYTES = env.int("ECPD_PARKING_IMAGE_BYTES", 4 * 2**20)

# Who stamps the head of the audit chain (RFC 3161), and the file of its certificates, got from the authority itself.
TIMESTAMP_URL = _service("ECPD_TIMESTAMP_URL", "")
TIMESTAMP_CHAIN = _service("ECPD_TIMESTAMP_CHAIN", "")
TIMESTAMP_SECONDS = env.float("ECPD_TIMESTAMP_SECONDS", 20.0)  # for the whole answer

# The face model package: an agency's licensed one, else the development default installed at set-up.
DEFAULT_MODEL_DIR = DATA_DIR / "models" / "ecpd-default"
MODEL_DIR = Path(env.str("ECPD_MODEL_DIR", "") or DEFAULT_MODEL_DIR)

# The row is the truth: a message lost with its broker or worker is sent again by the sweep (docs/architecture.md).
CELERY_BROKER_URL = _service("CELERY_BROKER_URL", "redis://127.0.0.1:6379/0")
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = env.int("CELERY_TASK_TIME_LIMIT", 600)
CELERY_TASK_SOFT_TIME_LIMIT = env.int("CELERY_TASK_SOFT_TIME_LIMIT", 570)
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_DB_REUSE_MAX = 1000  # tasks; DATABASE_CONN_MAX_AGE closes a connection sooner (ecpd/celery.py)
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1200,
    "socket_timeout": env.float("ECPD_BROKER_ANSWERS_WITHIN", 10.0),
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
}
WORKER_DEAF_AFTER = env.float("ECPD_WORKER_DEAF_AFTER", 60.0)  # seconds (ecpd/broker.py); longer than any reconnect
LONGEST_WAITS = {  # seconds that the oldest of a kind may wait for a worker before /healthz/ready says no (ecpd/backlog)
    "searches": env.float("ECPD_LONGEST_WAIT_SEARCHES", 120),
    "exhibits": env.float("ECPD_LONGEST_WAIT_EXHIBITS", 300),
    "reads": env.float("ECPD_LONGEST_WAIT_READS", 120),
    "alerts": env.float("ECPD_LONGEST_WAIT_ALERTS", 120),
    "audit entries": env.float("ECPD_LONGEST_WAIT_AUDIT_ENTRIES", 60),  # for their seal
    "pictures": env.float("ECPD_LONGEST_WAIT_PICTURES", 3600),  # a second opinion; a day's patrol may leave many
}
CELERY_TIMEZONE = "UTC"
CELERY_TASK_ROUTES = {
    "parking.tasks.look_at_reads": {"queue": "reads"},  # reads never wait behind a face search
    "parking.tasks.raise_findings": {"queue": "alerts"},  # nor behind the alerts of the reads before them
    "cases.tasks.compare_picture": {"queue": "pictures"},
    "cases.tasks.prepare_picture": {"queue": "pictures"},  # a page waits for these two; a search never does, because
    "leads.tasks.cut_picture": {"queue": "pictures"},  # pictures have a worker of their own, which takes turns with
    "parking.tasks.read_picture": {"queue": "opinions"},  # second opinions: a page waits behind one of them at most
}


def _sweep(task: str, seconds: float) -> dict:
    """A task sent so often; one that was not begun when the next is sent is dropped, so that sweeps never pile up."""
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


CELERY_BEAT_SCHEDULE = {
    "sweep-reads": _sweep("parking.tasks.look_at_reads", 10.0),
    "sweep-findings": _sweep("parking.tasks.raise_findings", 10.0),
    "sweep-pictures": _sweep("parking.tasks.read_picture", 30.0),
    "sweep-hotlist-hits": _sweep("parking.hotlist_tasks.raise_hits", 30.0),
    "sweep-searches": _sweep("leads.tasks.sweep_searches", 15.0),
    "tell-approved": _sweep("leads.tasks.tell_approved", 60.0),
    "sweep-examinations": _sweep("leads.tasks.sweep_examinations", 300.0),
    "veil-results": _sweep("leads.tasks.veil_results", 120.0),
    "sweep-imports": _sweep("leads.tasks.sweep_imports", 60.0),
    "night-of-citations": {"task": "parking.citation_tasks.night", "schedule": crontab(hour="9", minute="20")},
    "find-long-stays": {"task": "parking.abandoned_tasks.find_long_stays", "schedule": crontab(hour="10", minute="40")},
    "report-plate-accesses": {"task": "parking.tasks.report_accesses", "schedule": crontab(hour="12", minute="10")},
    "purge-plate-data": {"task": "parking.tasks.purge_plate_data", "schedule": crontab(hour="11", minute="30")},
    "night-of-permits": {"task": "parking.permit_tasks.night", "schedule": crontab(hour="16", minute="10")},
    "night-of-accounts": {"task": "ecpd.accounts.tasks.night", "schedule": crontab(hour="10", minute="10")},
    "anchor-audit-chain": {"task": "ecpd.audit.tasks.anchor_chain", "schedule": crontab(minute="5")},
    "verify-audit-chain": {"task": "ecpd.audit.tasks.verify_chain", "schedule": crontab(hour="13", minute="0")},
}

API_A_MINUTE = env.int("ECPD_API_A_MINUTE", 600)  # requests of one token, or of one account with its session
API_UNKNOWN_A_MINUTE = env.int("ECPD_API_UNKNOWN_A_MINUTE", 60)  # requests of one source without a good key

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "ecpd.accounts.tokens.AccountTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["ecpd.accounts.throttles.SignedIn"],
    "DEFAULT_THROTTLE_CLASSES": ["ecpd.accounts.throttles.PerMinute"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "PAGE_SIZE": 50,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["ecpd.web.parsers.PlainJSONParser"],
    "NUM_PROXIES": 0,  # throttles count REMOTE_ADDR, which is the client's (ecpd.web.client_address)
    "EXCEPTION_HANDLER": "ecpd.web.problems.api_exception_handler",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "ECPD API",
    "DESCRIPTION": "Cases, evidence, searches, candidates, leads and warrant applications, behind the policy door.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "ecpd.web.api_schema.declare_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "EvidenceKindEnum": "cases.models.evidence.Evidence.Kind",
        "CorroborationKindEnum": "leads.models.corroboration.Corroboration.Kind",
        "ExculpatoryKindEnum": "leads.models.exculpatory.ExculpatoryEntry.Kind",
    },
}
DJANGO_TABLES2_TEMPLATE = "web/table.html"
AUDITLOG_INCLUDE_ALL_MODELS = False
AUDITLOG_DISABLE_REMOTE_ADDR = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"secrets": {"()": "ecpd.logs.HideTokens"}},
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["secrets"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
}
