"""How far the work on an import is, as the open page learns it."""

import pytest

from lms.accounts.models import Posting, User
from lms.core import take_back as taking_back
from lms.importing.domain import confirming, progress, undoing
from lms.importing.domain.progress import Progress, Work, progress_of, tell
from lms.importing.domain.undoing import left_by_undo
from lms.importing.models import ImportBatch
from tests.factories.importing import rehearsed, sheet, take_back, write

pytestmark = pytest.mark.django_db

PEOPLE = [(f"KB-{n}", f"Người {n}", "1980", "Nữ", "", "Quế", "CTV") for n in range(3)]


@pytest.fixture
def heard(monkeypatch):
    """What the worker says, in order."""
    said = []

    def hear(**words):
        said.append((words["work"].value, words["done"], words["total"]))
        progress.tell(**words)

    for module in (confirming, undoing):
        monkeypatch.setattr(module, "tell", hear)
    monkeypatch.setattr(confirming, "_WRITTEN_AT_ONCE", 2)
    monkeypatch.setattr(taking_back, "_AT_ONCE", 2)
    return said


def test_writing_and_undoing_tell_how_far_they_are(coordinator, heard):
    batch = write(rehearsed(sheet(*PEOPLE), by=coordinator))
    assert heard == [("comparing", 3, 3), ("writing", 0, 3), ("writing", 2, 3)]

    heard.clear()
    take_back(batch)
    # Three posts, then three people.
    assert heard == [("undoing", done, 6) for done in (0, 2, 3, 5)]


def test_long_list_is_undone_in_portions_that_keep_a_row_whole(coordinator, heard, monkeypatch):
    monkeypatch.setattr(undoing, "_AT_ONCE", 3)
    before = User.objects.count(), Posting.objects.count()
    batch = write(rehearsed(sheet(*PEOPLE), by=coordinator))
    stays = User.objects.get(staff_code="KB-0")
    User.objects.filter(pk=stays.pk).update(full_name="Đã sửa")
    heard.clear()

    take_back(batch)

    # Two people with their posts, then one with a post, of whom nothing is taken back.
    assert {(done, total) for _work, done, total in heard} == {(0, 6), (2, 6), (4, 6), (5, 6)}
    assert (User.objects.count(), Posting.objects.count()) == (before[0] + 1, before[1] + 1)
    assert left_by_undo(batch=batch).count() == 2


@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("confirming", Progress(Work.WRITING, 5, 9)),
        ("undoing", Progress(Work.UNDOING)),
        ("rehearsing", Progress(Work.READING)),
    ],
)
def test_what_was_said_in_another_state_does_not_count(state, found):
    batch = ImportBatch(pk=7, state=state)
    tell(batch_id=7, work=Work.WRITING, done=5, total=9)

    assert progress_of(batch=batch) == found


def test_rehearsal_counts_its_rows_in_the_import_itself():
    batch = ImportBatch(pk=8, state="rehearsing", done=500, total=1200)

    assert progress_of(batch=batch) == Progress(Work.REHEARSING, 500, 1200)
