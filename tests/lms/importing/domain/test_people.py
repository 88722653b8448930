"""A roster of people: rehearsed, written, undone."""

from datetime import timedelta

from django.utils import timezone

from lms.accounts.models import Posting, User
from lms.core.take_back import DELETED_SINCE, changed_since
from lms.importing.domain.undoing import undo
from lms.importing.models import ImportWrite
from tests.factories.geography import unit
from tests.factories.importing import outcomes, rehearsed, sheet, take_back, write

NEW = ("KB-9001", "Lê Thị Mới", "1980", "Nữ", "0912 345 678", "Quế", "Cộng tác viên")


def row(person, **changes):
    """The row of this person as the register has it."""
    cells = {
        "code": person.staff_code,
        "name": person.full_name,
        "year": person.year_of_birth or "",
        "sex": "Nữ",
        "phone": "",
        "commune": "Quế",
        "cadre": "Cộng tác viên",
        **changes,
    }
    return tuple(cells.values())


def test_new_person_is_not_rehearsed_but_written_with_post_and_without_password(coordinator):
    before = User.objects.count()
    batch = rehearsed(sheet(NEW), by=coordinator)
    assert (batch.state, outcomes(batch)) == ("rehearsed", ["new"])
    assert (User.objects.count(), Posting.objects.count()) == (before, 0)

    write(batch)

    person = User.objects.get(staff_code="KB-9001")
    assert (person.full_name, person.phone) == ("Lê Thị Mới", "+84912345678")
    assert (person.sex, person.year_of_birth) == ("female", 1980)
    assert not person.has_usable_password()
    assert person.search_text == "le thi moi kb-9001 +84912345678"
    post = person.postings.get()
    assert (post.unit, post.cadre, post.valid_to) == (unit("13384"), "collaborator", None)
    assert batch.state == "confirmed"


def test_changed_cells_are_told_and_written(coordinator, make_person):
    person = make_person("Trần Văn Nhà", sex="female", year_of_birth=1970)
    batch = rehearsed(sheet(row(person, name="Trần Văn Nha", year=1971)), by=coordinator)

    told = batch.rows.get()
    assert (told.outcome, told.target) == ("changed", person.pk)
    assert told.changes == [
        ["full_name", "Trần Văn Nhà", "Trần Văn Nha"],
        ["year_of_birth", "1970", "1971"],
    ]
    write(batch)
    person.refresh_from_db()
    assert (person.full_name, person.given_name) == ("Trần Văn Nha", "Nha")
    assert person.year_of_birth == 1971


def test_move_ends_the_old_post_the_day_before(coordinator, make_person):
    person = make_person(sex="female")
    batch = rehearsed(sheet(row(person, commune="Nguyễn Úy")), by=coordinator)
    write(batch)

    today = timezone.localdate()
    posts = list(person.postings.order_by("valid_from").values_list("unit__code", "valid_to"))
    assert posts == [("13384", today - timedelta(days=1)), ("13387", None)]


def test_undo_takes_everything_back_once(coordinator, make_person):
    person = make_person(sex="female", year_of_birth=1970)
    batch = rehearsed(sheet(NEW, row(person, year=1971, commune="Nguyễn Úy")), by=coordinator)
    users, posts = snapshot()
    write(batch)
    assert snapshot() != (users, posts)

    take_back(batch)

    assert snapshot() == (users, posts)
    assert batch.state == "undone"
    assert undo(batch_id=batch.pk) is False


def snapshot():
    return list(User.objects.order_by("pk").values()), list(Posting.objects.order_by("pk").values())


def test_undo_leaves_what_was_changed_or_deleted_since(coordinator, make_person):
    changed, single, deleted = (
        make_person(name, sex="female", year_of_birth=1970)
        for name in ("Trần Văn Nhà", "Lê Thị Một", "Vũ Thị Hai")
    )
    rows = [row(changed, name="Trần Văn Nha", year=1971), row(single, year=1971)]
    batch = write(rehearsed(sheet(*rows, row(deleted, year=1971)), by=coordinator))
    User.objects.filter(pk__in=(changed.pk, single.pk)).update(year_of_birth=1972)
    deleted.delete()

    take_back(batch)

    changed.refresh_from_db()
    single.refresh_from_db()
    assert (changed.full_name, changed.year_of_birth) == ("Trần Văn Nhà", 1972)
    assert single.year_of_birth == 1972
    left = [one.writes.get().left for one in batch.rows.order_by("number")]
    assert left == [[changed_since(User, "year_of_birth")]] * 2 + [[DELETED_SINCE]]


def test_row_without_a_place_gives_no_post(administrator, make_person):
    person = make_person(sex="female", year_of_birth=1970)
    person.postings.all().delete()
    batch = rehearsed(sheet(row(person, year=1971, commune="", cadre="")), by=administrator)
    write(batch)

    person.refresh_from_db()
    assert (person.year_of_birth, person.postings.count()) == (1971, 0)


def test_rows_that_are_the_same_are_written_around(coordinator, make_person):
    person = make_person(sex="female", year_of_birth=1970)
    batch = rehearsed(sheet(row(person), NEW), by=coordinator)
    assert outcomes(batch) == ["same", "new"]

    write(batch)

    assert [one.row.number for one in ImportWrite.objects.filter(model="accounts.user")] == [3]
