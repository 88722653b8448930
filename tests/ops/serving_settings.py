"""`make run` without the static files, which take longer to gather than a test may last."""

from lms.settings.dev import *  # noqa: F403
from lms.settings.dev import STORAGES

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
