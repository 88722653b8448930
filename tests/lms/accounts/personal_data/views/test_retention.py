"""The page of the periods: for administrators of a province."""

from datetime import date

import pytest
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.enums import Role
from lms.accounts.models import PurgeRun
from lms.accounts.personal_data.domain.retention import purge_personal_data
from tests.factories.accounts import PostingFactory, browse
from tests.factories.geography import unit
from tests.reading import html_of

RULES = "/quan-tri/retention/rules/"
RUNS = "/quan-tri/retention/"
STOPPED = _("It was interrupted; the next one will do the rest.")


def test_rules_are_told_with_what_is_due_and_what_was_done(as_administrator):
    for _person in range(2):
        PostingFactory(unit=unit("13384"), valid_to=date(2015, 6, 30))

    before = as_administrator.get(RULES)
    purge_personal_data(at=timezone.now())
    after = as_administrator.get(RULES)

    assert before.context["last"] is None
    assert "<td>2</td>" in html_of(before)
    run = after.context["last"]
    assert (run.total, run.finished_at is None) == (2, False)
    assert STOPPED not in html_of(after)


def test_run_that_was_stopped_is_told_and_all_are_listed(as_administrator):
    PurgeRun.objects.create(counts={"log": 3, "merges": 4}, finished_at=timezone.now())
    PurgeRun.objects.create(counts={"log": 3})

    assert STOPPED in html_of(as_administrator.get(RULES))
    assert ">7</td>" in "".join(html_of(as_administrator.get(RUNS)).split())


@pytest.mark.parametrize(
    ("role", "code", "status"),
    [
        (Role.ADMINISTRATOR, "350", 404),
        (Role.COORDINATOR, "350", 302),
        (Role.MONITOR, "35", 302),
    ],
)
def test_figures_of_the_province_are_for_its_administrators(make_official, role, code, status):
    client = browse(make_official(role, code))
    PurgeRun.objects.create(counts={"log": 3333})

    assert client.get(RULES).status_code == status
    assert "3333" not in html_of(client.get(RUNS, follow=True))
    assert "/retention/rules/" not in html_of(client.get("/quan-tri/"))
