"""Production without the static files gathered, and with a view that tells what reached it."""

from lms.core import outages
from lms.settings.production import *  # noqa: F403
from lms.settings.production import STORAGES

ROOT_URLCONF = "tests.ops.proxied_urls"
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

# What is back is found to be back as fast as a test can wait.
outages.RETRY_SECONDS = 2.0
