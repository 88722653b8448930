"""The embedded default's settings with the empty view added."""

from lms.settings.dev import *  # noqa: F403

ROOT_URLCONF = "tests.benchmarks.urls"
