"""`make run` without the static files, which take longer to gather than a test may last."""

import faulthandler
import signal

from lms.settings.dev import *  # noqa: F403
from lms.settings.dev import STORAGES

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# A process that hangs says where, see `stacks_of_children`.
faulthandler.register(signal.SIGUSR1)
