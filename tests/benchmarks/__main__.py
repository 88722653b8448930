"""`make bench`: what the main job costs here, each figure as a ratio to a floor of the same run.

Demo data on PostgreSQL, the production web server. The machine's noise is in
every absolute figure; the ratios are what one compares.
"""

import logging
import os
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.timing import Measure


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="suite-bench-") as folder:
        os.environ["SUITE_DATA_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
        os.environ["CELERY_BROKER_URL"] = "memory://"
        measures = _measure(Path(folder))
    width = 44
    print(f"{'what':<{width}} {'measured':>12}   {'floor':<34} {'':>12}   {'ratio':>7}   aim")  # noqa: T201
    for measure in measures:
        print(measure.line())  # noqa: T201
    return 0


def _measure(folder: Path) -> list[Measure]:
    import django

    django.setup()
    from django.core.management import call_command

    logging.disable(logging.INFO)
    print("Preparing demo data …", file=sys.stderr)  # noqa: T201
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("load_demo", stdout=sys.stderr)
    from tests.benchmarks import budgets, jobs, lists

    return [
        # First, while the peak of memory is still its own.
        *lists.roster(),
        *jobs.lesson_page(folder),
        *jobs.district_page(),
        *jobs.roll_call(),
        *jobs.certificates(),
        *budgets.page_budgets(folder),
    ]


if __name__ == "__main__":
    sys.exit(main())
