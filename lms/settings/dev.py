"""The embedded default behind `make run`: no server to install, production's web server.

SQLite, a folder as the message broker, mail kept as files. `DEBUG` stays off, so
that what one tries is what one deploys; `DJANGO_DEBUG=1` turns it on.
"""

from django.core.management.utils import get_random_secret_key

from lms.settings import base
from lms.settings.base import *  # noqa: F403
from lms.settings.base import DATA_DIR, INSTALLED_APPS, env
from lms.settings.databases import with_options

DEBUG = env.bool("DJANGO_DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
SUITE_DEMO = env.bool("SUITE_DEMO", default=True)
# `manage.py run_suite`; on a server the containers do its work.
INSTALLED_APPS = [*INSTALLED_APPS, "lms.dev_server", "fixtures"]

DATA_DIR.mkdir(parents=True, exist_ok=True)


def _kept_secret_key() -> str:
    """Return the key of this data folder, made once;
    opening with "x" keeps two starts from racing.
    """
    path = DATA_DIR / "secret_key"
    try:
        with path.open("x", encoding="ascii") as file:
            file.write(get_random_secret_key())
        path.chmod(0o600)
    except FileExistsError:
        pass
    return path.read_text(encoding="ascii")


SECRET_KEY = env.str("SECRET_KEY", default="") or _kept_secret_key()

DATABASES = {
    "default": with_options(env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}"))
}
# Opening the database anew for each request would cost more than a lesson's queries.
DATABASES["default"]["CONN_MAX_AGE"] = None
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
    )

CACHES = {
    "default": {
        # Shared by the web processes: log-in limits must count across them.
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(DATA_DIR / "cache"),
    }
}

_BROKER_DIR = DATA_DIR / "broker"
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost//")
if CELERY_BROKER_URL.startswith("filesystem:"):
    for _folder in ("queue", "control"):
        (_BROKER_DIR / _folder).mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT = "lms.core.broker:Transport"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_BROKER_DIR / "queue"),
        "data_folder_out": str(_BROKER_DIR / "queue"),
        "control_folder": str(_BROKER_DIR / "control"),
        "polling_interval": 0.1,
    }
    # The timer's thread sleeps this long at most, and a stop waits for it.
    CELERY_WORKER_TIMER_PRECISION = 0.5

# SMS are files in the folder `sms`, as mails are in `mail`.
SUITE_SMS_GATEWAY = base.SUITE_SMS_GATEWAY or "lms.messaging.sms.FolderGateway"

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="filemail://")
vars().update(EMAIL_CONFIG)
if EMAIL_CONFIG["EMAIL_BACKEND"].endswith("filebased.EmailBackend"):
    EMAIL_FILE_PATH = str(DATA_DIR / "mail")
