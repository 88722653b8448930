"""What is told to whoever keeps the server running: figures for Prometheus, errors for Sentry."""

import os
import socket
from pathlib import Path

from lms.settings.base import env

# The folder into which web processes write what they count; empty: they count nothing.
SUITE_METRICS_DIR = env.str("SUITE_METRICS_DIR", default="")

# Where errors are reported to (docs/operations/monitoring.md); empty: nowhere.
SENTRY_DSN = env.str("SENTRY_DSN", default="")


def middleware(installed: list[str]) -> list[str]:
    """Return these with the one that counts, below the static files; the same without a folder."""
    if not SUITE_METRICS_DIR:
        return installed
    # A folder for each machine: process numbers repeat from container to container.
    folder = Path(SUITE_METRICS_DIR) / socket.gethostname()
    folder.mkdir(parents=True, exist_ok=True)
    # The library reads it when it is imported, which the middleware does.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    place = installed.index("whitenoise.middleware.WhiteNoiseMiddleware") + 1
    counting = "lms.monitoring.request_metrics.RequestMetricsMiddleware"
    return [*installed[:place], counting, *installed[place:]]
