"""Trainees of classes, taken in from a list."""

from datetime import date

from django.utils import timezone

from courses.enums import EnrolmentStatus, RunStatus
from courses.models import Enrolment
from lms.accounts.enums import Cadre
from lms.core.take_back import depended_on
from lms.importing.domain.confirming import ask_to_confirm, confirm
from tests.factories.accounts import MinimalFactory, PostingFactory, UserFactory
from tests.factories.courses import EnrolmentFactory, make_course, make_run
from tests.factories.geography import unit
from tests.factories.importing import outcomes, rehearsed, sheet, take_back, write
from tests.factories.rows import set_fields
from tests.reading import numbers
from tests.shared import shared

HEADER = ("Mã lớp", "Mã cán bộ", "Họ và tên", "Năm sinh")


@shared
def run(edition):
    return make_run(make_course(), unit("350"), code="KB-01")


def person(code="13384", **fields):
    return PostingFactory(
        unit=unit(code), valid_from=date(2014, 1, 1), user=UserFactory(**fields)
    ).user


def listed(*rows, by):
    return rehearsed(sheet(*rows, header=HEADER), by=by, kind="enrolments")


def row(user, code="KB-01"):
    return (code, user.staff_code, user.full_name, "")


def test_class_is_known_by_its_code_however_it_is_written(run, coordinator):
    said = ("KB-01", "kb-01", "Lớp KB-01", "lớp tập huấn kb-01 (đợt 1)")
    inside = [EnrolmentFactory(run=run, user=person(), unit=unit("13384")).user for _ in range(2)]

    batch = listed(
        *(row(person(), code) for code in said), *map(row, inside, said[:2]), by=coordinator
    )

    assert outcomes(batch) == ["new"] * 4 + ["same"] * 2


def only_error(batch):
    (codes,) = batch.rows.get().error_codes.values()
    return codes


def test_new_trainee_is_enrolled_with_the_post_held_and_taken_off_by_the_undo(run, coordinator):
    user = person()
    batch = write(listed(row(user), by=coordinator))

    enrolment = Enrolment.objects.get()
    assert (enrolment.user, enrolment.run, enrolment.unit, enrolment.status) == (
        user,
        run,
        unit("13384"),
        "active",
    )
    take_back(batch)
    assert not Enrolment.objects.exists()


def test_what_is_not_kept_of_a_child_is_not_kept_by_its_list_either(run, coordinator):
    child = PostingFactory(
        unit=unit("13384"), cadre=Cadre.CORE_CHILD, user=MinimalFactory(full_name="Bé An")
    ).user
    grown = person(phone="+84912345601")
    rows = [(*row(one), "0912 345 601") for one in (child, grown)]
    file = sheet(*rows, header=(*HEADER, "Số điện thoại"))

    batch = rehearsed(file, by=coordinator, kind="enrolments")

    assert outcomes(batch) == ["new", "new"]
    assert [one.cells["phone"] for one in batch.rows.all()] == ["", "+84912345601"]
    assert len(batch.effects) == 1
    write(batch)


def test_withdrawn_trainee_comes_back_and_leaves_again_by_the_undo(run, coordinator):
    user = person()
    EnrolmentFactory(run=run, user=user, unit=unit("13384"), status=EnrolmentStatus.WITHDRAWN)
    before = Enrolment.objects.values().get()

    batch = listed(row(user), by=coordinator)
    assert batch.rows.get().changes == [["run_code", EnrolmentStatus.WITHDRAWN.label, "KB-01"]]
    write(batch)
    assert Enrolment.objects.get().status == "active"

    take_back(batch)
    assert Enrolment.objects.values().get() == before


def test_class_that_one_does_not_keep_is_refused_and_not_named(run, coordinator):
    make_run(run.course, unit("353"), code="LN-01", title="Lớp kín Lý Nhân")

    batch = listed(row(person(), "LN-01"), row(person(), "NO-01"), by=coordinator)

    hidden, missing = batch.rows.all()
    assert hidden.error_codes == {"run_code": ["unknown_class"]}
    assert hidden.errors == missing.errors


def test_person_of_another_district_is_refused_and_not_named(run, coordinator):
    stranger = person("13591", full_name="Lê Thị Lạ")

    batch = listed(("KB-01", stranger.staff_code, "", ""), by=coordinator)

    assert "Lạ" not in str(batch.rows.values().get())
    assert only_error(batch) == ["not_enrollable"]


def test_whoever_learns_the_course_in_another_class_is_refused_and_all_once_it_is_closed(
    run, coordinator
):
    user = person()
    other = make_run(run.course, unit("350"), code="KB-02")
    EnrolmentFactory(run=other, user=user, unit=unit("13384"))

    assert only_error(listed(row(user), by=coordinator)) == ["learns_elsewhere"]
    set_fields(run, status=RunStatus.CLOSED)
    assert outcomes(listed(row(person()), by=coordinator)) == ["error"]


def test_row_that_comes_twice_is_told_with_the_first(run, coordinator):
    user = person()

    batch = listed(row(user), row(user), by=coordinator)

    assert outcomes(batch) == ["new", "error"]
    second = batch.rows.last()
    assert second.error_codes == {"run_code": ["same_row"]}
    assert numbers(*second.errors["run_code"]) == [2]


def test_undo_leaves_a_trainee_with_something_on_record(run, coordinator):
    user = person()
    batch = write(listed(row(user), by=coordinator))
    enrolment = Enrolment.objects.get()
    lesson = run.course.get_descendants().last().specific
    enrolment.lesson_completions.create(lesson=lesson, completed_at=timezone.now())

    take_back(batch)

    assert Enrolment.objects.get() == enrolment
    assert batch.rows.get().writes.get().left == [depended_on(["Bài đã học"])]


def test_number_of_queries_does_not_grow_with_the_rows(
    run, coordinator, django_assert_num_queries, django_assert_max_num_queries
):
    one = listed(row(person()), by=coordinator)
    three = listed(*[row(person()) for _number in range(3)], by=coordinator)
    ask_to_confirm(batch=one)
    ask_to_confirm(batch=three)
    confirm(batch_id=one.pk)
    with django_assert_max_num_queries(60) as captured:
        confirm(batch_id=three.pk)
    last = listed(row(person()), by=coordinator)
    ask_to_confirm(batch=last)
    with django_assert_num_queries(len(captured)):
        confirm(batch_id=last.pk)
