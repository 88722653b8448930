"""`make run`, without what a browser test neither sees nor asks for.

The sweep of the first minutes issues five hundred certificates of the demo and tells each holder.
Who completes a class meanwhile gets the certificate at once, as ever; the sweep has tests of its own.
"""

from lms.settings.dev import *  # noqa: F403
from lms.settings.dev import CELERY_BEAT_SCHEDULE, STORAGES

CELERY_BEAT_SCHEDULE = {
    name: tick for name, tick in CELERY_BEAT_SCHEDULE.items() if name != "certificates.sweep"
}
# Dozens log in, each at the cost of a page or two: a third of a second that nobody looks at.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "tests.running_static.CountedFilesStorage"}}
