"""For the tests: quick password hashing, mail kept in memory, files in a passing folder.

The database and the broker come from the environment (`tests/services.py` starts them).
"""

import atexit
import shutil
import tempfile
from pathlib import Path

from lms.settings.base import *  # noqa: F403
from lms.settings.base import INSTALLED_APPS, env
from lms.settings.databases import with_options
from lms.settings.files import storages_at

# Holds each app of ours to one line of migrations; installed with the tools for the tests only.
INSTALLED_APPS = [*INSTALLED_APPS, "fixtures", "django_linear_migrations"]
DEBUG = False
SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["*"]

DATABASES = {"default": with_options(env.db("DATABASE_URL", default="sqlite:///:memory:"))}
# The server of the tests answers sooner at its socket (`tests/services.py`).
_SOCKETS = Path(env.str("TEST_DATABASE_SOCKET", default=""))
if (_SOCKETS / f".s.PGSQL.{DATABASES['default']['PORT']}").exists():
    DATABASES["default"]["HOST"] = str(_SOCKETS)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

_FILES = Path(tempfile.mkdtemp(prefix="suite-tests-"))
atexit.register(shutil.rmtree, _FILES, ignore_errors=True)
MEDIA_ROOT = _FILES / "media"
SUITE_SMS_GATEWAY = "lms.messaging.sms.FolderGateway"
# A test does not ask what time it is.
SUITE_SENDING_HOURS = ()
SUITE_SMS_FOLDER = _FILES / "sms"
SUITE_MAINTENANCE_FILE = _FILES / "maintenance"
STORAGES = {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    **storages_at(str(_FILES)),
}
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="memory://")
WHITENOISE_AUTOREFRESH = True
