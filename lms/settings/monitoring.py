"""What is told to whoever keeps the server running: figures for Prometheus, errors for Sentry."""

import os
import shutil
import socket
from pathlib import Path
from typing import Final

from lms.settings.base import env

# The folder into which web processes write what they count; empty: they count nothing.
SUITE_METRICS_DIR = env.str("SUITE_METRICS_DIR", default="")

# Each that answered: the containers of so many deployments, and of those that run now.
_MACHINES_KEPT: Final = 30

# Where errors are reported to (docs/operations/monitoring.md); empty: nowhere.
SENTRY_DSN = env.str("SENTRY_DSN", default="")


def middleware(installed: list[str]) -> list[str]:
    """Return these with the one that counts, below the static files; the same without a folder."""
    if not SUITE_METRICS_DIR:
        return installed
    # The library reads it when it is imported, which the middleware does.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(own_folder(Path(SUITE_METRICS_DIR)))
    place = installed.index("whitenoise.middleware.WhiteNoiseMiddleware") + 1
    counting = "lms.monitoring.request_metrics.RequestMetricsMiddleware"
    return [*installed[:place], counting, *installed[place:]]


def own_folder(root: Path) -> Path:
    """Return the folder of this machine: process numbers repeat from container to container.

    What containers of long ago have counted goes: the room is memory, and a process that writes
    where there is none is killed.
    """
    folder = root / socket.gethostname()
    folder.mkdir(parents=True, exist_ok=True)
    counted = [one for one in root.iterdir() if one != folder and any(one.glob("*.db"))]
    counted.sort(key=lambda one: one.stat().st_mtime)
    for old in counted[:-_MACHINES_KEPT]:
        shutil.rmtree(old, ignore_errors=True)
    return folder
