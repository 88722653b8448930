"""Parents and core children in a roster: what is refused, what is written, what is undone."""

from datetime import date

import pytest

from lms.accounts.enums import Cadre
from lms.accounts.models import Consent, Posting, User
from lms.importing.models import ImportWrite
from tests.factories.accounts import MinimalFactory, PostingFactory
from tests.factories.geography import unit
from tests.factories.importing import outcomes, rehearsed, sheet, take_back, write, wrong_cells
from tests.shared import shared

HEADER = (
    "Mã cán bộ", "Họ và tên", "Năm sinh", "Giới tính", "Số điện thoại", "Email", "Xã", "Đối tượng",
    "Người giám hộ", "Ngày đồng ý", "Từ ngày",
)  # fmt: skip
CHILD = {
    "code": "TE-01",
    "name": "Bé An",
    "year": "2002",
    "sex": "",
    "phone": "",
    "email": "",
    "commune": "Quế",
    "cadre": "Trẻ em nòng cốt",
    "guardian": "Phạm Thị Bà",
    "consent_on": "01/03/2014",
    "since": "",
}
PARENT = CHILD | {"code": "CM-01", "name": "Trần Thị Mẹ", "cadre": "Nhóm cha mẹ", "guardian": ""}
GROWN = PARENT | {"code": "KB-9001", "cadre": "Cộng tác viên", "consent_on": ""}


def told(*rows, by, kind="people"):
    file = sheet(*(tuple(row.values()) for row in rows), header=HEADER)
    return rehearsed(file, by=by, kind=kind)


def errors(batch):
    """By column: the codes of the only row."""
    return batch.rows.get().error_codes


@shared
def child(edition):
    """On the register with a post in Quế and a consent of 01/01/2014."""
    return PostingFactory(
        unit=unit("13384"),
        cadre=Cadre.CORE_CHILD,
        user__staff_code="TE-01",
        user__full_name="Bé An",
        user__year_of_birth=2002,
    ).user


def test_core_child_is_written_with_post_and_consent_and_a_parent_with_the_own(coordinator):
    write(told(CHILD, PARENT, CHILD | {"code": "TE-02", "name": ""}, by=coordinator))

    person = User.objects.get(staff_code="TE-01")
    consent = person.consents.get()
    assert (person.full_name, person.is_minimal, person.year_of_birth) == ("Bé An", True, 2002)
    assert not person.has_usable_password()
    assert (consent.guardian, consent.given_on) == ("Phạm Thị Bà", date(2014, 3, 1))
    assert consent.recorded_by == coordinator
    assert person.postings.get().consent == consent
    own = User.objects.get(staff_code="CM-01").consents.get()
    assert (own.giver, own.guardian) == ("self", "")
    # A child without a name is called by the code.
    assert User.objects.get(staff_code="TE-02").full_name == "TE-02"


def test_row_that_cannot_be_is_told_in_its_cell(coordinator, child):
    nobody, other_kind = CHILD | {"name": "", "code": ""}, GROWN | {"code": "TE-01"}
    batch = told(nobody, PARENT | {"name": ""}, other_kind, by=coordinator)

    assert wrong_cells(batch) == [["full_name"], ["full_name"], ["cadre"]]


@pytest.mark.parametrize("row", [CHILD, PARENT], ids=["child", "parent"])
def test_what_is_not_kept_is_left_out_and_told_once(coordinator, row):
    values = {
        "phone": ("0912 345 678", "0351 123456", "09123"),
        "email": ("be@example.vn", "be@"),
        "sex": ("Nữ",),
    }
    cells = [(cell, value) for cell, several in values.items() for value in several]
    names = ("Bé An", "Bé Bình", "Bé Chi", "Bé Dung", "Bé Em", "Bé Giang")
    rows = [
        row | {"code": f"TE-{number}", "name": name, cell: value}
        for number, (name, (cell, value)) in enumerate(zip(names, cells, strict=True))
    ]
    batch = told(*rows, by=coordinator)

    assert outcomes(batch) == ["new"] * 6
    assert not any(values.keys() & {*one.errors, *one.warnings} for one in batch.rows.all())
    [effect] = batch.effects
    for label in ("Số điện thoại (3)", "Thư điện tử (2)", "Giới tính (1)"):
        assert label in effect
    # Not even in what the import keeps of the rows.
    assert not any(value in str(list(batch.rows.values())) for _cell, value in cells)

    write(batch)

    held = User.objects.filter(is_minimal=True).values_list("phone", "phone_raw", "email", "sex")
    assert list(held) == [(None, "", None, "")] * 6


def test_phone_of_a_known_child_is_left_out_too(coordinator, child):
    row = CHILD | {"phone": "0912345678", "cadre": "", "guardian": "", "consent_on": ""}
    batch = told(row, by=coordinator)

    assert outcomes(batch) == ["same"]
    assert len(batch.effects) == 1
    assert "0912345678" not in str(list(batch.rows.values()))


def test_consent_that_is_missing_or_wrong_is_an_error_of_its_cell(coordinator):
    cases = [
        (CHILD | {"consent_on": ""}, "consent_on"),
        (CHILD | {"guardian": ""}, "guardian"),
        (CHILD | {"guardian": "", "consent_on": ""}, "consent_on"),
        (PARENT | {"consent_on": ""}, "consent_on"),
        (PARENT | {"guardian": "Phạm Thị Bà"}, "guardian"),
        (CHILD | {"consent_on": "01/03/2999"}, "consent_on"),
        (CHILD | {"since": "01/02/2014"}, "since"),
        (CHILD | {"guardian": "12"}, "guardian"),
        (GROWN | {"guardian": "Phạm Thị Bà"}, "guardian"),
        (GROWN | {"consent_on": "01/03/2014"}, "consent_on"),
    ]
    rows = [row | {"code": f"TE-{number}"} for number, (row, _cell) in enumerate(cases)]

    assert wrong_cells(told(*rows, by=coordinator)) == [[cell] for _row, cell in cases]


def test_known_child_reads_as_the_same_whatever_its_consent(coordinator, child):
    row = CHILD | {"consent_on": "01/01/2014"}
    assert outcomes(told(row, by=coordinator)) == ["same"]
    assert outcomes(told(row | {"guardian": "", "consent_on": ""}, by=coordinator)) == ["same"]

    # Another consent than the one on file is looked at and not taken.
    batch = told(CHILD, by=coordinator)
    assert outcomes(batch) == ["same"]
    assert list(batch.rows.get().warnings) == ["consent_on"]


def test_child_that_moves_stays_under_the_consent(coordinator, child):
    write(told(CHILD | {"commune": "Nguyễn Úy", "guardian": "", "consent_on": ""}, by=coordinator))

    new = child.postings.get(valid_to=None)
    assert (new.unit.code, new.consent) == ("13387", child.consents.get())


def test_child_whose_consent_was_withdrawn_needs_a_new_one(coordinator, child):
    child.consents.update(withdrawn_on=date(2014, 2, 1))
    child.postings.update(valid_to=date(2014, 1, 31))
    blank = CHILD | {"guardian": "", "consent_on": ""}
    assert list(errors(told(blank, by=coordinator))) == ["consent_on"]

    write(told(CHILD, by=coordinator))

    held = child.postings.get(valid_to=None)
    assert (held.consent.given_on, child.consents.count()) == (date(2014, 3, 1), 2)


def test_consent_of_a_child_without_one_on_file_is_added(coordinator, child):
    """A post from before consents were kept, which is over by now."""
    child.postings.update(consent=None, valid_to=date(2014, 2, 1))
    child.consents.all().delete()

    write(told(CHILD, by=coordinator))

    assert child.consents.get().given_on == date(2014, 3, 1)


def test_child_from_before_consents_is_let_through_when_nothing_moves(coordinator, child):
    """A post that was over when consents began stands without one."""
    child.postings.update(consent=None, valid_to=date(2999, 1, 1))
    child.consents.all().delete()
    blank = CHILD | {"guardian": "", "consent_on": "", "commune": "", "cadre": ""}

    assert outcomes(told(blank | {"year": "2003"}, by=coordinator)) == ["changed"]


def test_full_record_is_not_made_a_child(coordinator, make_person):
    make_person(staff_code="KB-1", name="Bé An")

    assert list(errors(told(CHILD | {"code": "KB-1"}, by=coordinator))) == ["cadre"]


def test_collaborator_is_not_taken_for_the_parent_of_the_same_name(coordinator):
    PostingFactory(
        unit=unit("13384"),
        cadre=Cadre.PARENT_GROUP,
        consent__giver="self",
        consent__guardian="",
        user__full_name="Trần Thị Mẹ",
        user__year_of_birth=2002,
    )

    assert outcomes(told(GROWN | {"code": ""}, by=coordinator)) == ["new"]
    assert outcomes(told(PARENT | {"code": "", "consent_on": ""}, by=coordinator)) == ["same"]


def test_undo_takes_child_post_and_consent_back(coordinator, make_person):
    """Also where another row of the same list only moved somebody."""
    moved = make_person(staff_code="KB-1", name="Trần Thị Mẹ", year_of_birth=2002)
    batch = told(GROWN | {"code": "KB-1", "commune": "Nguyễn Úy"}, CHILD, by=coordinator)
    write(batch)
    assert Consent.objects.count() == 1

    take_back(batch)

    assert [write.left for write in ImportWrite.objects.all() if write.left] == []
    assert not User.objects.filter(is_minimal=True).exists()
    assert not Consent.objects.exists()
    assert moved.postings.get().valid_to is None


def test_consent_stays_with_a_post_that_stays(coordinator):
    batch = told(CHILD, by=coordinator)
    write(batch)
    Posting.objects.filter(user__staff_code="TE-01").update(valid_to=date(2999, 1, 1))

    take_back(batch)

    assert Consent.objects.count() == 1
    assert User.objects.filter(staff_code="TE-01").exists()


CHANGES = ("Mã cán bộ", "Biến động", "Xã mới", "Đối tượng", "Từ ngày", "Số điện thoại")


def change(*cells, by):
    return rehearsed(sheet(cells, header=CHANGES), by=by, kind="postings")


def test_change_of_posts_keeps_to_the_kind(coordinator, child, make_person):
    make_person(staff_code="KB-1")
    to_other = change(
        "TE-01", "Chuyển", "Nguyễn Úy", "Cộng tác viên", "01/04/2014", "", by=coordinator
    )
    to_child = change(
        "KB-1", "Chuyển", "Nguyễn Úy", "Trẻ em nòng cốt", "01/04/2014", "", by=coordinator
    )

    assert [list(errors(batch)) for batch in (to_other, to_child)] == [["cadre"], ["cadre"]]


def test_change_of_posts_goes_on_under_the_consent_and_leaves_out_the_phone(coordinator, child):
    batch = change("TE-01", "Chuyển", "Nguyễn Úy", "", "01/04/2014", "0912345678", by=coordinator)

    assert outcomes(batch) == ["changed"]
    assert len(batch.effects) == 1
    write(batch)
    assert child.postings.get(valid_to=None).consent == child.consents.get()


def test_change_of_posts_without_consent_is_refused(coordinator):
    person = MinimalFactory(staff_code="TE-02", full_name="Bé Hai")
    Posting.objects.create(
        user=person,
        unit=unit("13384"),
        cadre=Cadre.CORE_CHILD,
        valid_from=date(2013, 1, 1),
        valid_to=date(2013, 2, 1),
    )

    batch = change("TE-02", "Trở lại", "", "", "01/04/2014", "", by=coordinator)

    assert errors(batch) == {"since": ["consent_missing"]}
