"""As the tests have them, with errors reported as in production."""

from lms.settings.test import *  # noqa: F403
from lms.settings.test import env

SENTRY_DSN = env.str("SENTRY_DSN")
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
