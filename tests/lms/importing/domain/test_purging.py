"""Lists go once their import can no longer be undone; who, when and how many stays."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from lms.accounts.models import User
from lms.importing import tasks
from lms.importing.domain.purging import describe_outdated, purge
from lms.importing.models import ImportBatch, ImportRow, ImportWrite
from lms.settings.base import CELERY_BEAT_SCHEDULE
from tests.factories.accounts import browse
from tests.factories.importing import HEADER, rehearsed, sheet, upload, write
from tests.reading import html_of, numbers, templates_of

NEW = ("KB-9001", "Lê Thị Mới", "1980", "Nữ", "0912 345 678", "Quế", "CTV")
WRONG = ("KB-9002", "Trần Lỗi", "", "", "1", "", "")
OLD = timedelta(days=31)


@pytest.fixture
def written(coordinator):
    return write(rehearsed(sheet(NEW, WRONG), by=coordinator))


def made_old(batch):
    ago = timezone.now() - OLD
    ImportBatch.objects.filter(pk=batch.pk).update(
        state_since=ago, confirmed_at=ago if batch.confirmed_at else None
    )
    return batch


def test_file_and_rows_go_once_no_undo_is_possible_and_the_figures_stay(written, coordinator):
    assert purge(at=timezone.now()) == 0
    assert ImportRow.objects.count() == 2
    path = Path(made_old(written).file.path)

    assert purge(at=timezone.now()) == 1

    written.refresh_from_db()
    assert (path.exists(), ImportRow.objects.count(), ImportWrite.objects.count()) == (False, 0, 0)
    assert (written.state, written.by) == ("confirmed", coordinator)
    assert written.counts == {"new": 1, "error": 1}
    assert User.objects.filter(staff_code="KB-9001").exists()


def test_values_of_columns_without_a_meaning_go_as_well(coordinator):
    header = (*HEADER, "Ghi chú")
    batch = made_old(rehearsed(sheet((*NEW, "vợ ông Bảy"), header=header), by=coordinator))
    assert batch.choices["unmapped"]

    purge(at=timezone.now())

    batch.refresh_from_db()
    assert "ông Bảy" not in str(batch.choices)


def test_list_that_nobody_wrote_expires(coordinator):
    batch = made_old(upload(sheet(NEW), by=coordinator))

    purge(at=timezone.now())

    batch.refresh_from_db()
    assert (batch.state, batch.file.name, batch.confirmed_at) == ("expired", "", None)


def test_second_run_finds_nothing_and_the_page_says_what_is_left_to_know(written, coordinator):
    made_old(written)

    assert [purge(at=timezone.now()), purge(at=timezone.now())] == [1, 0]
    shown = browse(coordinator).get(reverse("imports:inspect", args=(written.pk,)))

    assert "importing/parts/purged.html" in templates_of(shown)
    assert "Mới: 1" in html_of(shown)


def test_import_taken_up_again_in_the_meantime_is_left(written, monkeypatch):
    made_old(written)

    def undone_meanwhile(self, save=True):
        ImportBatch.objects.update(state="undoing")

    monkeypatch.setattr(type(written.file), "delete", undone_meanwhile)
    assert purge(at=timezone.now()) == 0
    assert ImportRow.objects.count() == 2


def test_run_that_was_killed_after_the_file_is_finished(written):
    Path(made_old(written).file.path).unlink()

    assert purge(at=timezone.now()) == 1


def test_command_tells_first_and_purges_when_told_to(written, coordinator):
    made_old(written)
    day = timezone.localdate(written.uploaded_at)
    told, done = StringIO(), StringIO()

    call_command("purge_imports", stdout=told)
    assert ImportRow.objects.count() == 2
    call_command("purge_imports", "--write", stdout=done)

    listed, count = told.getvalue().splitlines()
    assert listed == f"{day:%d/%m/%Y} {coordinator.staff_code} people: 2"
    assert numbers(count) == numbers(done.getvalue()) == [1]
    assert list(describe_outdated(at=timezone.now())) == []


def test_beat_purges_every_hour(written):
    made_old(written)
    entry = CELERY_BEAT_SCHEDULE["importing.purge"]
    assert (entry["task"], entry["schedule"]) == (tasks.purge.name, 3600)

    tasks.purge()

    assert ImportRow.objects.count() == 0


def test_purged_import_leads_back_to_its_page(written, as_coordinator):
    made_old(written)
    purge(at=timezone.now())

    for name in ("columns", "write", "undo", "marked"):
        response = as_coordinator.get(reverse(f"imports:{name}", args=(written.pk,)))
        assert response["Location"] == reverse("imports:inspect", args=(written.pk,)), name
