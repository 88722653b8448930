"""Production without the static files gathered, and with a view that tells what reached it."""

from lms.settings.production import *  # noqa: F403
from lms.settings.production import STORAGES

ROOT_URLCONF = "tests.ops.proxied_urls"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
