"""Settings of Veilig Almere, read from the environment; safe unless told otherwise.

Variables: DEBUG, SECRET_KEY, DATABASE_URL, SITE_URL, ALLOWED_HOSTS, TRUSTED_PROXIES, EMAIL_URL,
MEDIA_ROOT, VAR_DIR, PORT, CONTACT_EMAIL, DATA_LICENCE, SECURITY_CONTACT, FOUR_EYES,
STALE_AFTER_DAYS, PAGE_CACHE_MB, WARM_PAGES, DEMO, LOG_FORMAT, REQUEST_LOG, SENTRY_DSN,
SLOW_QUERY_MS, EXPECT_TIMERS, DISK_FREE_MB, BACKUP_DIR. METRICS_PORT is gunicorn's.
`docs/uitrol.md` describes each.
"""

import copy
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from veiligalmere import environment
from veiligalmere.observation import formatting
from veiligalmere.observation.sentry import report_to

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(environment.text("VAR_DIR") or BASE_DIR / "var")

DEBUG = environment.boolean("DEBUG")
SECRET_KEY = environment.text("SECRET_KEY")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured("Set SECRET_KEY, or DEBUG=1 on a developer's machine.")
    SECRET_KEY = "only-for-development-with-debug-on"  # noqa: S105 -- refused without DEBUG

# Where visitors reach the site. Its https scheme turns on the redirect, HSTS and secure cookies.
PORT = environment.integer("PORT", 8000, minimum=1, maximum=65535)
SITE_URL = environment.text("SITE_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
_site = urlsplit(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname:
    raise ImproperlyConfigured("SITE_URL must be an address such as https://www.veiligalmere.nl.")
HTTPS = _site.scheme == "https"
ALLOWED_HOSTS = environment.words(
    "ALLOWED_HOSTS", dict.fromkeys([_site.hostname, "127.0.0.1", "localhost", "[::1]"])
)
# Addresses or networks of reverse proxies whose X-Forwarded-* headers may be believed.
TRUSTED_PROXIES = environment.words("TRUSTED_PROXIES")

# How many pages each process makes by itself after its start, so that it can go on with them when
# the database goes away.
WARM_PAGES = environment.integer("WARM_PAGES", 500, maximum=100_000)
# Memory that each process may use for ready-made pages, in MiB; 0 keeps none.
PAGE_CACHE_MB = environment.integer("PAGE_CACHE_MB", 0 if DEBUG else 64, maximum=4096)

INSTALLED_APPS = [
    "veiligalmere.pages",
    "plan",
    "themes",
    "veiligalmere.editorial",  # before Django's admin, of which it words some messages otherwise
    "veiligalmere.editorial.apps.BackOfficeConfig",
    "markdownx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
]

MIDDLEWARE = [
    "veiligalmere.headers.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "veiligalmere.pages.static_files.StaticFilesMiddleware",
    "veiligalmere.pages.compression.CompressPagesMiddleware",
    "veiligalmere.editorial.login.sessions.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "veiligalmere.pages.errors.ErrorPagesMiddleware",
    "veiligalmere.pages.terms.TermLinksMiddleware",
    "axes.middleware.AxesMiddleware",
]

# Those that say something of a page that is made for everyone, see `page_cache/rendering.py`.
PAGE_MIDDLEWARE = [
    "veiligalmere.headers.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "veiligalmere.pages.errors.ErrorPagesMiddleware",
    "veiligalmere.pages.terms.TermLinksMiddleware",
]

ROOT_URLCONF = "veiligalmere.urls"
WSGI_APPLICATION = "veiligalmere.wsgi.application"

_CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "veiligalmere.pages.context.site",
]
_LOADERS = [
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "veiligalmere.template_backend.Templates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": _CONTEXT_PROCESSORS,
            "loaders": _LOADERS if DEBUG else [("django.template.loaders.cached.Loader", _LOADERS)],
        },
    },
]
# Widgets have templates of ours, in `templates/`.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# `make demo`: made-up progress, in a database of its own, and a notice of it on every page.
DEMO = environment.boolean("DEMO")
_database_url = environment.text("DATABASE_URL")
if DEMO and _database_url:
    raise ImproperlyConfigured("DEMO=1 has a database of its own: leave DATABASE_URL empty.")

DATABASES = {
    "default": dj_database_url.parse(
        _database_url
        or f"sqlite:///{VAR_DIR / ('voorbeeld.sqlite3' if DEMO else 'veiligalmere.sqlite3')}",
        conn_max_age=60,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Without IMMEDIATE, simultaneous editors get "database is locked" at once. And by itself SQLite
    # keeps 2 MB of its file for each thread's connection, which the system has in memory as well.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-512;"
        ),
    }
else:
    # A database machine that is gone without a word must not hold a request for minutes.
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        {
            "connect_timeout": 3,
            "tcp_user_timeout": 5000,
            "keepalives_idle": 10,
            "keepalives_interval": 3,
            "keepalives_count": 3,
        }
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "veiligalmere.editorial.login.passwords.PredictableValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"  # also for who was sent here with an address of another site
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
# A code from an app as well as a password: asked of everybody on the real site.
SECOND_STEP_REQUIRED = HTTPS
OTP_TOTP_ISSUER = "Veilig Almere"
# After this many wrong passwords for one name from one address, a quarter of an hour's rest.
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "admin/login/locked.html"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "veiligalmere.editorial.login.log.counted_address_of"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_ENABLE_ADMIN = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "password", "code"]
AXES_VERBOSE = False

LANGUAGE_CODE = "nl"
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "media/"
MEDIA_ROOT = Path(environment.text("MEDIA_ROOT") or VAR_DIR / "media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "veiligalmere.pages.stylesheets.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

# With the prefix a browser takes the cookie over https alone, and from no other host.
_COOKIES = "__Host-" if HTTPS else ""
SESSION_ENGINE = "veiligalmere.editorial.login.sessions"
SESSION_COOKIE_NAME = f"{_COOKIES}sessionid"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_IDLE_AGE = 60 * 60
CSRF_COOKIE_NAME = f"{_COOKIES}csrftoken"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "veiligalmere.editorial.login.older_form.refuse"
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# In the session, so that it needs no cookie of its own.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^gezond/"]
SECURE_REFERRER_POLICY = "same-origin"

MARKDOWNX_MARKDOWNIFY_FUNCTION = "veiligalmere.editorial.markdown.render"

# Whether who wrote a text needs somebody else to publish it.
FOUR_EYES = environment.boolean("FOUR_EYES")
# After so many days without a change or a check, the desk asks to look at a page again.
STALE_AFTER_DAYS = environment.integer("STALE_AFTER_DAYS", 365, minimum=1, maximum=3650)

# Without EMAIL_URL nothing is sent, and who asks for a mail reads so.
_mail = environment.mail("EMAIL_URL")
MAIL_IS_SENT = bool(_mail)
globals().update(_mail)

# Facts that only the municipality can fill in; empty means that the page says so.
CONTACT_EMAIL = environment.text("CONTACT_EMAIL")
# Address of the licence under which the open data may be used again; empty: not settled yet.
DATA_LICENCE = environment.text("DATA_LICENCE")
if DATA_LICENCE and not DATA_LICENCE.startswith("https://"):
    raise ImproperlyConfigured("DATA_LICENCE must be an address that starts with https://.")
# Where weaknesses are reported: a mailto: or https: address; empty means the contact page.
SECURITY_CONTACT = environment.text("SECURITY_CONTACT")
if SECURITY_CONTACT and not SECURITY_CONTACT.startswith(("mailto:", "https://")):
    raise ImproperlyConfigured("SECURITY_CONTACT must start with mailto: or https://.")

# Each measurement of a figure is eight fields of its form: Django's own limit, 1,000, would refuse
# eleven years of months. The size of a request stays limited, by Django and by nginx.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# What those who run the site see of it. As JSON, the log has a line for each request.
LOG_FORMAT = environment.text("LOG_FORMAT", "text")
if LOG_FORMAT not in {"text", "json"}:
    raise ImproperlyConfigured("LOG_FORMAT must be text or json.")
REQUEST_LOG = environment.boolean("REQUEST_LOG", default=LOG_FORMAT == "json")
SENTRY_DSN = environment.text("SENTRY_DSN")
if SENTRY_DSN:
    report_to(SENTRY_DSN)
SLOW_QUERY_MS = environment.integer("SLOW_QUERY_MS", 200)
# What /gezond/gereed/ asks for: timers that run the jobs, and free space where we write.
EXPECT_TIMERS = environment.boolean("EXPECT_TIMERS")
DISK_FREE_MB = environment.integer("DISK_FREE_MB", 500)
BACKUP_DIR = environment.text("BACKUP_DIR")

LOGGING = copy.deepcopy(formatting.LOGGING)
LOGGING["handlers"]["console"]["formatter"] = LOG_FORMAT
