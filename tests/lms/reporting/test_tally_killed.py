"""Killed with -9 in the middle of changes and of counting, nothing kept is wrong afterwards."""

import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils.timezone import localdate

from lms.accounts.enums import Cadre
from lms.reporting.domain.counting import count_by_unit
from lms.reporting.domain.tally_counting import EVERYBODY
from lms.reporting.domain.tally_keeping import update_tallies
from lms.reporting.domain.tally_reading import count_figures
from lms.reporting.models import TallyDue
from tests.factories.accounts import PostingFactory
from tests.factories.geography import make_map, unit
from tests.factories.reporting import enrolled, make_world
from tests.lms.reporting.test_tally import plain
from tests.services import HUNG_SECONDS
from tests.workers import ROOT

pytestmark = [
    pytest.mark.process,
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not os.environ.get("DATABASE_URL", "").startswith("postgres"),
        reason="SQLite lets one writer in at a time: nobody is in the middle of it",
    ),
]


@pytest.fixture
def world():
    world = make_world(make_map())
    for district, commune in (("350", "13384"), ("350", "13387"), ("353", "13591")):
        for is_done in (True, False):
            enrolled(world, district, commune, completed=is_done)
        PostingFactory(unit=unit(commune), cadre=Cadre.COLLABORATOR)
    update_tallies(on=localdate())
    return world


def test_killed_in_the_middle_of_changes_and_of_counting_no_figure_is_wrong(world):
    server = urlsplit(os.environ["DATABASE_URL"])
    here = server._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    done = subprocess.run(
        [sys.executable, "-m", "tests.lms.reporting.killing"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": here, "DJANGO_SETTINGS_MODULE": "lms.settings.dev"},
        capture_output=True,
        text=True,
        timeout=HUNG_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]

    call_command("rebuild_tally", "--check")
    asked = {"programme": world.programme, "on": localdate(), "reader": EVERYBODY}
    assert plain(count_figures(**asked)) == plain(count_by_unit(**asked))
    update_tallies(on=localdate())
    call_command("rebuild_tally", "--check")
    assert not TallyDue.objects.exists()
