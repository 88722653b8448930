"""What is true in every environment. The environment is read here and nowhere else.

`dev`, `test` and `production` say only how they differ.
"""

from pathlib import Path

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from lms.core.logs import logging_config
from lms.core.queues import BULK_LIMITS, DEFAULT_QUEUE, QUEUES
from lms.settings.address import site_address
from lms.settings.beat import beat_schedule
from lms.settings.bounces import *  # noqa: F403
from lms.settings.files import is_bucket, origins_of, storages_at
from lms.settings.office_login import office_login
from lms.settings.offsite import offsite_storage
from lms.settings.push import *  # noqa: F403
from lms.settings.sms import *  # noqa: F403
from lms.settings.zalo import *  # noqa: F403

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parents[2]
# Everything the running suite writes lies below this one folder.
DATA_DIR = Path(env.str("SUITE_DATA_DIR", default=str(BASE_DIR / "var")))
# What lasts as long as the process: in a container the one folder of its own that can be written.
RUN_DIR = Path(env.str("SUITE_RUN_DIR", default=str(DATA_DIR)))
FIXTURES_DIR = BASE_DIR / "fixtures"

INSTALLED_APPS = [
    # Plug-ins: each can be taken out and leaves a working site.
    "attendance",
    "certificates",
    # The suite's own layers, upper ones first (templates are found in this order).
    "lms.reporting",
    "lms.surveys",
    "lms.announcements",
    "courses",
    "lms.notifications",
    "lms.importing",
    "lms.ops",
    "lms.accounts",
    "lms.geography",
    "lms.scoped_admin",
    "lms.spreadsheets",
    "lms.design",
    "lms.monitoring",
    "lms.messaging",
    "lms.core",
    "lms.vietnamese",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.embeds",
    "wagtail.sites",
    # Wagtail's users app, with the scoped register of people for its list of users.
    "lms.accounts.wagtail_users.SuiteUsersConfig",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "import_export",
    "treebeard",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "lms.core.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lms.core.middleware.CompressTextMiddleware",
    "lms.core.csp.PagePolicyMiddleware",
    "lms.core.middleware.MaintenanceMiddleware",
    "lms.core.caching.PrivateByDefaultMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lms.core.language.ChosenLanguageMiddleware",
    "lms.core.middleware.BodyLimitMiddleware",
    "lms.core.middleware.StoreAwayMiddleware",
    "lms.core.middleware.HugeNumbersMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "lms.core.middleware.LookAlikesMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lms.accounts.signin.second_factor_middleware.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lms.scoped_admin.middleware.RowNumbersMiddleware",
    # Last: an address that nothing answers may be one that a page had before.
    "lms.core.redirects.KnownRedirectMiddleware",
]

ROOT_URLCONF = "lms.urls"
WSGI_APPLICATION = "lms.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lms.core.context_processors.suite",
            ],
        },
    },
]

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People and log-in -------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["lms.accounts.signin.backends.IdentifierBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# In the database alone: a cache that was away would let people in again who have logged out since.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "home"

ACCOUNT_ADAPTER = "lms.accounts.signin.adapter.SuiteAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "staff_code"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_FORMS = {
    "login": "lms.accounts.signin.forms.login.IdentifierLoginForm",
    "change_password": "lms.accounts.signin.forms.login.OwnPasswordForm",
    "reauthenticate": "lms.accounts.signin.forms.login.ConfirmForm",
    "request_login_code": "lms.accounts.signin.forms.login.RequestCodeForm",
    "confirm_login_code": "lms.accounts.signin.forms.login.SentCodeForm",
}
ACCOUNT_SESSION_REMEMBER = True
# A code for one log-in, sent by SMS or e-mail: six digits, ten minutes, five tries. allauth
# calls it a phone's, whichever way it goes.
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
ACCOUNT_RATE_LIMITS = {
    # A whole class may log in behind one address: attempts that succeed count nowhere.
    "login": None,
    # Wrong passwords for one account from one address (or one known browser), for one account
    # from anywhere, and from one address for any account; docs/decisions says why.
    "login_failed": "5/5m/key",
    "login_failed_anywhere": "100/h/key",
    "login_failed_address": "300/m/key",
    # Codes asked for, counted alike: a message costs money and wakes people up.
    "login_code": "3/10m/key",
    "login_code_anywhere": "10/h/key",
    "login_code_address": "120/h/key",
}
# Accounts of an office (docs/operations.md); off without an issuer.
SUITE_OIDC = office_login(
    issuer=env.str("SUITE_OIDC_ISSUER", default=""),
    client_id=env.str("SUITE_OIDC_CLIENT_ID", default=""),
    secret=env.str("SUITE_OIDC_CLIENT_SECRET", default=""),
    name=env.str("SUITE_OIDC_NAME", default="") or "OpenID",
    claim=env.str("SUITE_OIDC_STAFF_CODE_CLAIM", default="") or "staff_code",
)
SOCIALACCOUNT_ADAPTER = "lms.accounts.signin.office_login.SuiteSocialAccountAdapter"
# Seconds for each word of the office's server.
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
MFA_ADAPTER = "lms.accounts.signin.adapter.SuiteMFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "lms.accounts.signin.forms.login.FactorForm",
    "reauthenticate": "lms.accounts.signin.forms.login.FactorAgainForm",
    "activate_totp": "lms.accounts.signin.forms.login.NewFactorForm",
}
# The clock of a phone may be half a minute off.
MFA_TOTP_TOLERANCE = 1

# --- Language, places and time -----------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [
    BASE_DIR / "lms" / "locale",
    # What the installed packages leave in English. Here and not in an app: the catalogue for
    # the scripts of Wagtail's admin reads Wagtail's own folder and these paths, no other app.
    BASE_DIR / "lms" / "vietnamese" / "locale",
]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = "lms.core.formats"

# --- Files -------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
# Every page asks by the name with the hash: the other copy was half of what is pressed and carried.
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_URL = "media/"
# A folder (that of the data), or a bucket: s3://bucket/prefix?endpoint=https://…&region=…
SUITE_FILES = env.str("SUITE_FILES", default="") or str(DATA_DIR)
BUCKET_ORIGINS = origins_of(SUITE_FILES)
MEDIA_ROOT = (DATA_DIR if is_bucket(SUITE_FILES) else Path(SUITE_FILES)) / "media"
STORAGES = {
    "staticfiles": {"BACKEND": "lms.design.stylesheets.GatheredStylesStorage"},
    **storages_at(
        SUITE_FILES,
        key=env.str("SUITE_FILES_KEY", default=""),
        secret=env.str("SUITE_FILES_SECRET", default=""),
    ),
    **offsite_storage(
        env.str("SUITE_BACKUP_OFFSITE", default=""),
        key=env.str("SUITE_BACKUP_OFFSITE_KEY", default=""),
        secret=env.str("SUITE_BACKUP_OFFSITE_SECRET", default=""),
    ),
}
WAGTAILIMAGES_RENDITION_STORAGE = "renditions"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# Whether the proxy in front sends stored files (`X-Accel-Redirect`) once a view has said who reads.
SUITE_FILES_BY_PROXY = env.bool("SUITE_FILES_BY_PROXY", default=False)

# --- What a browser may do with a page (docs/decisions/0007-content-security-policy.md) -----

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        # Pictures, films and sound may be redirected to the bucket that they lie in.
        **{kind: [SELF, place] for kind in ("img-src", "media-src") for place in BUCKET_ORIGINS},
    }
}
# Wagtail's admin: styles that its own scripts make (admin_policy.js), pictures chosen but not
# yet sent, and the icons in its style sheets.
ADMIN_POLICY = {
    "style-src": [SELF, NONCE],
    "img-src": [SELF, *BUCKET_ORIGINS, "blob:", "data:"],
}
PERMISSIONS_POLICY = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"

# --- Wagtail -----------------------------------------------------------------

WAGTAIL_SITE_NAME = "Tập huấn bảo vệ trẻ em"
WAGTAILADMIN_BASE_URL = site_address(env.str("SUITE_BASE_URL", default="http://localhost:8000"))
WAGTAIL_FINISH_WORKFLOW_ACTION = "lms.accounts.register.domain.publishing.publish_approved"
WAGTAIL_FRONTEND_LOGIN_URL = "/tai-khoan/login/"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
# One zone for all; Wagtail's own list holds names that no browser knows.
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
# Word for word: PostgreSQL would take "me", "do" and "an" for English and pass over them.
WAGTAILSEARCH_BACKENDS = {
    "default": {"BACKEND": "wagtail.search.backends.database", "SEARCH_CONFIG": "simple"}
}
WAGTAILIMAGES_IMAGE_MODEL = "courses.CourseImage"
WAGTAILDOCS_DOCUMENT_MODEL = "courses.CourseDocument"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "lms.scoped_admin.wagtail_fixes.wagtail_files.DocumentForm"
WAGTAILDOCS_EXTENSIONS = [
    *("csv", "docx", "odt", "pdf", "pptx", "txt", "xlsx"),
    *("m4a", "mp3", "mp4", "vtt", "webm"),
]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 10 * 1024 * 1024

# --- Background work ---------------------------------------------------------

CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# What takes minutes waits in queues of its own, so that it holds up neither a code for the log-in
# nor the ticks; lists have another one, since somebody sits before the page and waits for them, and
# reminders, since their providers may be silent. A worker that names no queue takes from all.
CELERY_TASK_DEFAULT_QUEUE = DEFAULT_QUEUE
CELERY_TASK_QUEUES = [Queue(name) for name in QUEUES]
_IMPORT_TASKS = [f"importing.{name}" for name in ("rehearse", "confirm", "undo", "take_up")]
_BULK_TASKS = ["accounts.carry_over", "certificates.issue_outstanding", "importing.purge"]
CELERY_TASK_ROUTES = {
    "accounts.send_login_code": {"queue": "urgent"},
    "notifications.send_due_reminders": {"queue": "reminders"},
    **{task: {"queue": "imports"} for task in _IMPORT_TASKS},
    **{task: {"queue": "bulk"} for task in _BULK_TASKS},
}
CELERY_TASK_ANNOTATIONS = dict.fromkeys([*_IMPORT_TASKS, *_BULK_TASKS], BULK_LIMITS)
# Seconds; a task that needs longer says so itself. Each may be cut off and goes on at its next tick.
CELERY_TASK_SOFT_TIME_LIMIT = 120
CELERY_TASK_TIME_LIMIT = 150
# Kilobytes, after which a process is replaced once its task is done.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 500_000
CELERY_BEAT_SCHEDULE_FILENAME = str(RUN_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = beat_schedule(INSTALLED_APPS)

# --- Logs --------------------------------------------------------------------

LOGGING = logging_config(structured=False)

# --- The suite's own settings ------------------------------------------------

# What backups are encrypted with: an age identity (`manage.py backup --new-key`), or a file with one.
SUITE_BACKUP_KEY = env.str("SUITE_BACKUP_KEY", default="")
SUITE_BACKUP_KEY_FILE = env.str("SUITE_BACKUP_KEY_FILE", default="")
SUITE_BACKUP_DIR = Path(env.str("SUITE_BACKUP_DIR", default="") or DATA_DIR / "backups")
# How many days, weeks and months keep a backup.
SUITE_BACKUP_KEEP = env.list("SUITE_BACKUP_KEEP", cast=int, default=[7, 4, 12])
# Administrators are told when the last verified backup is older; 0: they are not.
SUITE_BACKUP_MAX_HOURS = env.int("SUITE_BACKUP_MAX_HOURS", default=0)
# What the site is called until an administrator of the province says otherwise.
SUITE_NAME = _("Child protection training")
# True where the people are made up: every page then says so.
SUITE_DEMO = env.bool("SUITE_DEMO", default=False)
# Whether this is a server with people's real records: some commands refuse to run there.
SUITE_PRODUCTION = False
# How long a printed invitation lets its person in.
SUITE_INVITATION_DAYS = 60
# Whether trainers, coordinators, monitors and administrators need a second factor; production
# says yes, and so should everybody with real people.
SUITE_SECOND_FACTOR = env.bool("SUITE_SECOND_FACTOR", default=False)
# How many days a kind of personal data is kept, by the key of its rule, where the default does
# not fit (`manage.py purge_personal_data` lists the keys): log=1825;reminders=365
SUITE_RETENTION_DAYS = env.dict("SUITE_RETENTION_DAYS", cast={"value": int}, default={})
# For the stand-in that writes SMS into a folder, and how it misbehaves: refuse, hang, double.
SUITE_SMS_FOLDER = DATA_DIR / "sms"
SUITE_SMS_MISBEHAVIOUR = ""
# Where web processes count for Prometheus; production says where.
SUITE_METRICS_DIR = ""
# Where errors are reported to; production says where.
SENTRY_DSN = ""
# While this file is there, every page says that the suite is being upgraded.
SUITE_MAINTENANCE_FILE = RUN_DIR / "maintenance"
# Whom to ask for help, where the settings of the site name nobody: a phone number or an e-mail
# address, shown on every page.
SUITE_CONTACT = env.str("SUITE_CONTACT", default="")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="tap-huan@localhost")
# Seconds for each word of a mail server, without which one that is silent would be waited for for ever.
EMAIL_TIMEOUT = 10
