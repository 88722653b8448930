"""The embedded default's settings with the empty view added."""

from lms.settings.dev import *  # noqa: F403

# The bench measures the same at night.
SUITE_SENDING_HOURS = ()
ROOT_URLCONF = "tests.benchmarks.urls"
