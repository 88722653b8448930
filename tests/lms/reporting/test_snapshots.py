"""Frozen reports: drafted, approved by another person, stored once, never changed."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document
from wagtail.models import ModelLogEntry

from courses.domain.history import kept_since, record_enrolments
from courses.enums import EnrolmentStatus
from courses.models import EnrolmentChange
from lms.accounts.enums import Cadre, Role
from lms.accounts.models import Posting, User
from lms.accounts.personal_data.domain.anonymise import anonymise
from lms.core.refusal import Refusal
from lms.reporting.domain import snapshot_files
from lms.reporting.domain.periods import period_of
from lms.reporting.domain.rows import Row
from lms.reporting.domain.snapshot_differences import differences_of
from lms.reporting.domain.snapshot_docx import write_docx
from lms.reporting.domain.snapshot_facts import key_of
from lms.reporting.domain.snapshot_files import render_pdf, stored_file, stored_kinds
from lms.reporting.domain.snapshot_paper import HIDDEN, compose_paper
from lms.reporting.domain.snapshot_sums import COLUMNS, sums_of_facts
from lms.reporting.domain.snapshots import (
    approve_snapshot,
    draft_snapshot,
    withdraw_snapshot,
)
from lms.reporting.enums import Beyond, PeriodKind, SnapshotFileKind, SnapshotState
from lms.reporting.models import ReportSnapshot, SnapshotFile
from lms.spreadsheets.handout import EXPORT_ACTION
from tests.factories.accounts import PostingFactory, browse, make_official
from tests.factories.files import content_of, rows_of
from tests.factories.geography import unit
from tests.factories.reporting import set_target
from tests.factories.rows import set_fields
from tests.lms.reporting.frozen import CLASS_DAY, JUNE, MAY, OFFICE, draft
from tests.reading import numbers

pytestmark = pytest.mark.django_db


def refused(rule, **asked):
    with pytest.raises(Refusal) as caught:
        rule(**asked)
    return caught.value.code


def bytes_of(stored):
    with stored.file.open("rb") as file:
        return file.read()


def test_draft_freezes_figures_people_and_rules(world, monitor, people):
    set_target(world, "350", percent=80)
    set_target(world, "35", cadre=Cadre.COLLABORATOR, each_commune=2)
    facts = draft(world, monitor).facts
    assert [(one["key"], one["people"], one["completed"]) for one in facts["rows"]] == [
        ("350", 11, 6),
        ("353", 2, 0),
    ]
    assert facts["total"]["people"] == facts["cadres"][0]["people"] == 13
    assert facts["completed_in_period"] == 6
    assert ReportSnapshot.objects.get().people.count() == 13
    assert [numbers(one["threshold"]) for one in facts["targets"]] == [[2], [80]]
    assert len(facts["requirements"]) == 1
    assert facts["notes"] == []


def test_paper_hides_small_groups_in_every_table(drafted):
    hidden = {tuple(key) for key in drafted.facts["hidden"]}
    # Two people in Lý Nhân: all of that row, and what would give it back.
    assert {("rows", "353", column) for column in COLUMNS} <= hidden
    assert {("places", "13591", column) for column in COLUMNS} <= hidden
    assert ("rows", "350", "people") in hidden or ("total", "total", "people") in hidden
    paper = compose_paper(snapshot=drafted)
    rows = {row[0]: row[1:] for row in paper["tables"][0]["rows"]}
    assert set(rows["Huyện Lý Nhân"]) == {HIDDEN}
    assert ["Huyện Lý Nhân"] in paper["tables"][-1]["rows"]


def test_paper_tells_who_completed_in_the_period_unless_few_completed_before(drafted):
    total = drafted.facts["total"] | {"completed": 12}

    def is_told(number, *hidden):
        changed = {"total": total, "completed_in_period": number, "hidden": list(hidden)}
        set_fields(drafted, facts=drafted.facts | changed)
        return HIDDEN not in compose_paper(snapshot=drafted)["paragraphs"][2]

    assert [is_told(number) for number in (0, 3, 6, 9, 12)] == [True, False, True, False, True]
    assert not is_told(12, ["total", "total", "completed"])


def test_report_of_a_district_counts_its_people_alone(world, make_official, people):
    coordinator = make_official(Role.COORDINATOR, "350")
    snapshot = draft(world, coordinator, "350")
    assert snapshot.facts["total"]["people"] == 11
    assert snapshot.facts["places"] == []
    assert snapshot.people.count() == 11
    assert str(snapshot) == snapshot.facts["title"]


def test_period_in_which_the_history_begins_says_so(world, monitor, people):
    EnrolmentChange.objects.update(is_inferred=True)
    assert kept_since() is not None
    [note] = draft(world, monitor).facts["notes"]
    assert timezone.localdate().strftime("%d/%m/%Y") in note


def test_draft_is_refused_where_none_can_be(world, monitor, make_official, people):
    asked = {"programme": world.programme, "office": OFFICE, "at": JUNE, "period": MAY}
    focal = make_official(Role.FOCAL_POINT, "13384")
    assert refused(draft_snapshot, **asked, by=focal, unit=unit("13384")) == "not_yours"
    assert refused(draft_snapshot, **asked, by=monitor, unit=unit("13384")) == "unit_too_small"
    early = asked | {"period": period_of(kind=PeriodKind.YEAR, day=date(2012, 1, 1))}
    Posting.objects.update(valid_from=date(2014, 1, 1))
    assert refused(draft_snapshot, **early, by=monitor, unit=unit("35")) == "nobody_to_count"
    draft(world, monitor)
    assert refused(draft_snapshot, **asked, by=monitor, unit=unit("35")) == "draft_exists"


def test_report_is_approved_by_another_person_and_numbered_without_a_gap(
    world, monitor, chief, make_official, drafted
):
    first = drafted
    coordinator = make_official(Role.COORDINATOR, "350")
    assert refused(approve_snapshot, snapshot=first, by=coordinator, at=JUNE) == "not_approvable"
    assert refused(approve_snapshot, snapshot=first, by=monitor, at=JUNE) == "approved_by_the_same"
    approved = approve_snapshot(snapshot=first, by=chief, at=JUNE)
    assert (approved.serial, approved.approved_by) == ("1/BC-SLĐTBXH", chief)
    assert approve_snapshot(snapshot=first, by=chief, at=JUNE).number == 1
    other = make_official(Role.MONITOR, "35")
    assert refused(approve_snapshot, snapshot=first, by=other, at=JUNE) == "not_a_draft"
    quarter = period_of(kind=PeriodKind.QUARTER, day=date(2014, 1, 1))
    second = approve_snapshot(snapshot=draft(world, chief, period=quarter), by=monitor, at=JUNE)
    assert second.serial == "2/BC-SLĐTBXH"
    next_year = JUNE + timedelta(days=365)
    third = draft(world, chief, "350")
    assert approve_snapshot(snapshot=third, by=monitor, at=next_year).number == 1


def test_later_report_of_the_period_replaces_the_earlier_one(world, monitor, chief, approved):
    first = approved
    again = draft(world, monitor)
    assert again.replaces == first
    approve_snapshot(snapshot=again, by=chief, at=JUNE)
    first.refresh_from_db()
    assert (first.state, first.ended_by) == (SnapshotState.REPLACED, chief)
    again.refresh_from_db()
    page = browse(chief).get(reverse("reporting:snapshot", args=[first.pk]))
    assert again.serial in [one["value"] for one in page.context["facts"]]
    withdraw = {"by": chief, "reason": "Sai", "at": JUNE}
    assert refused(withdraw_snapshot, snapshot=first, **withdraw) == "not_withdrawable"


def test_report_is_withdrawn_with_a_reason_and_keeps_its_number(
    world, monitor, chief, make_official, approved
):
    asked = {"snapshot": approved, "at": JUNE}
    assert refused(withdraw_snapshot, **asked, by=chief, reason=" ") == "reason_missing"
    coordinator = make_official(Role.COORDINATOR, "350")
    assert refused(withdraw_snapshot, **asked, by=coordinator, reason="x") == "not_withdrawable"
    saw_a_draft = {"by": chief, "reason": "Bỏ", "seen": SnapshotState.DRAFT}
    assert refused(withdraw_snapshot, **asked, **saw_a_draft) == "changed_meanwhile"
    withdrawn = withdraw_snapshot(**asked, by=chief, reason="Nhầm kỳ")
    assert withdraw_snapshot(**asked, by=monitor, reason="x").reason == "Nhầm kỳ"
    assert (withdrawn.state, withdrawn.number) == (SnapshotState.WITHDRAWN, 1)
    discarded = withdraw_snapshot(
        snapshot=draft(world, monitor), by=monitor, reason="Làm lại", at=JUNE
    )
    assert discarded.serial == ""


def test_files_are_stored_once_and_say_the_same_for_good(drafted, monitor, chief, people):
    snapshot = drafted
    assert refused(stored_file, snapshot=snapshot, kind=SnapshotFileKind.PDF) == "not_numbered"
    assert render_pdf(snapshot=snapshot).startswith(b"%PDF")
    approved = approve_snapshot(snapshot=snapshot, by=chief, at=JUNE)
    stored = {kind: stored_file(snapshot=approved, kind=kind) for kind in stored_kinds()}
    assert SnapshotFileKind.NAMES not in stored
    before = {kind: bytes_of(one) for kind, one in stored.items()}
    set_fields(people[0], full_name="Người Khác Tên")
    for kind, one in stored.items():
        again = stored_file(snapshot=approved, kind=kind)
        assert again.pk == one.pk
        assert bytes_of(again) == before[kind]
    document = Document(BytesIO(before[SnapshotFileKind.DOCX]))
    places, *figures = (column.width for column in document.tables[1].columns)
    assert places > 2 * max(figures)
    text = "\n".join(
        cell.text for table in document.tables for row in table.rows for cell in row.cells
    )
    assert "Số: 1/BC-SLĐTBXH" in text
    assert monitor.full_name not in before[SnapshotFileKind.CSV].decode()


def test_names_are_those_of_the_register_and_stored_nowhere(drafted, monitor, chief, people):
    address = reverse("reporting:snapshot_file", args=[drafted.pk, SnapshotFileKind.NAMES])
    client = browse(monitor)
    assert client.get(address).status_code == 404
    approve_snapshot(snapshot=drafted, by=chief, at=JUNE)
    gone = people[0]
    codes = [row[1] for row in rows_of(client.get(address), "xlsx") if len(row) > 1]
    assert gone.staff_code in codes

    anonymise(people=User.objects.filter(pk=gone.pk), at=JUNE)
    after = [row[1] for row in rows_of(client.get(address), "xlsx") if len(row) > 1]
    assert (len(after), f"AN-DANH-{gone.pk}" in after) == (len(codes), True)
    assert gone.staff_code not in after
    assert not SnapshotFile.objects.filter(kind=SnapshotFileKind.NAMES).exists()
    assert ModelLogEntry.objects.filter(action=EXPORT_ACTION, data__rows=len(people)).count() == 2


def test_letter_that_the_fonts_lack_keeps_nobody_from_the_paper(drafted):
    drafted.facts["title"] = "Kết quả \U0001f600"
    assert render_pdf(snapshot=drafted).startswith(b"%PDF")


def test_later_corrections_are_differences_and_never_in_the_report(approved, chief, people):
    none = differences_of(snapshot=approved, reader=chief)
    assert none.cells == none.people == []
    frozen = dict(approved.facts)
    lost = people[0].enrolments.get()
    set_fields(lost, status=EnrolmentStatus.ACTIVE, completed_at=None)
    record_enrolments(enrolments=[lost], at=CLASS_DAY + timedelta(days=1))
    Posting.objects.filter(user=people[-1]).delete()
    PostingFactory(unit=unit("13387"))
    found = differences_of(snapshot=approved, reader=chief)
    told = {(one.place, one.column): (one.frozen, one.now) for one in found.cells}
    assert told["Huyện Kim Bảng", "completed"] == (6, 5)
    assert told["Huyện Lý Nhân", "people"] == (2, 1)
    assert {bool(one.frozen) + 2 * bool(one.now) for one in found.people} == {1, 2, 3}
    assert ReportSnapshot.objects.get().facts == frozen


def test_page_leads_from_the_draft_to_the_stored_files(world, monitor, chief, people):
    making, approving = browse(monitor), browse(chief)
    assert making.get(reverse("reporting:snapshots")).context["rows"] == []
    page = making.get(reverse("reporting:snapshot_make"))
    period = page.context["form"].fields["period"].choices[0][1][0][0]
    asked = {"programme": world.programme.pk, "unit": unit("35").pk, "period": period}
    made = making.post(reverse("reporting:snapshot_make"), asked | vars(OFFICE))
    snapshot = ReportSnapshot.objects.get()
    assert made.url == reverse("reporting:snapshot", args=[snapshot.pk])
    twice = making.post(reverse("reporting:snapshot_make"), asked | vars(OFFICE))
    assert twice.context["form"].errors.as_data()["period"][0].code == "draft_exists"
    assert twice.context["form"].initial["code"] == OFFICE.code
    preview = making.get(reverse("reporting:snapshot_preview", args=[snapshot.pk]))
    assert preview.content.startswith(b"%PDF")
    approve = reverse("reporting:snapshot_approve", args=[snapshot.pk])
    making.post(approve)
    assert not making.get(made.url).context["may_approve"]
    assert (
        making.get(reverse("reporting:snapshot_file", args=[snapshot.pk, "pdf"])).status_code == 404
    )
    assert approving.get(made.url).context["may_approve"]
    approving.post(approve)
    approving.post(approve)
    shown = approving.get(made.url).context
    assert shown["snapshot"].number == 1
    for link in shown["files"]:
        first, second = (content_of(approving.get(link["url"])) for _ in range(2))
        # Names are written anew, with the hour in the head.
        assert first == second or link["url"].endswith("xlsx/")
    assert ModelLogEntry.objects.filter(action=EXPORT_ACTION, object_id=str(chief.pk)).count() == 8
    changed = approving.get(reverse("reporting:snapshot_differences", args=[snapshot.pk]))
    assert changed.context["cells"] == changed.context["people"] == []
    withdraw = reverse("reporting:snapshot_withdraw", args=[snapshot.pk])
    assert approving.post(withdraw, {"reason": ""}).context["form"].errors
    approving.post(withdraw, {"reason": "Nhầm"})
    assert [
        row["cells"][2]["badge"]
        for row in making.get(reverse("reporting:snapshots")).context["rows"]
    ]


def test_report_of_a_wider_area_is_not_there(drafted):
    for role, code in ((Role.COORDINATOR, "350"), (Role.TRAINER, "35")):
        client = browse(make_official(role, code))
        for name in ("snapshot", "snapshot_differences", "snapshot_preview"):
            address = reverse(f"reporting:{name}", args=[drafted.pk])
            assert client.get(address).status_code == 404, (role, name)


def test_whoever_may_make_no_report_is_offered_none(world, monitor, people):
    focal = browse(make_official(Role.FOCAL_POINT, "13384"))
    assert focal.get(reverse("reporting:snapshot_make")).status_code == 404
    assert focal.get(reverse("reporting:snapshots")).context["make_url"] == ""
    unknown = browse(monitor).get(reverse("reporting:snapshot_file", args=[1, "exe"]))
    assert unknown.status_code == 404


def test_words_of_a_trial_and_its_targets_stand_in_the_document(world, monitor, chief, people):
    set_fields(world.programme, is_sample=True)
    set_target(world, "350", people=20, percent=80)
    approved = approve_snapshot(snapshot=draft(world, monitor), by=chief, at=JUNE)
    paper = compose_paper(snapshot=approved)
    bare = write_docx(paper={**paper, "rules": []}, at=JUNE)
    stored = stored_file(snapshot=approved, kind=SnapshotFileKind.DOCX)
    text, short = (
        [one.text for one in Document(BytesIO(content)).paragraphs]
        for content in (bytes_of(stored), bare)
    )
    assert paper["notice"] in text
    # No page ends inside the signature.
    assert "w:cantSplit" in Document(BytesIO(bare)).tables[-1].rows[-1]._tr.xml
    assert {f"- {rule}" for rule in paper["rules"]} <= set(text)
    assert len(short) == len(text) - len(paper["rules"]) - 1
    assert "80" in paper["rules"][-1]


def test_people_of_offices_and_of_no_unit_add_up(world, monitor, people):
    for code in ("350", "35"):
        PostingFactory(unit=unit(code))
    facts = draft(world, monitor).facts
    assert facts["total"]["people"] == sum(row["people"] for row in facts["rows"]) == 15
    assert key_of(Row(unit=None, beyond=Beyond.AWAY)) == "away"
    assert key_of(Row(unit=None)) == "total"


def test_two_who_download_at_once_get_one_file(approved, monkeypatch):
    approved.files.all().delete()
    write = snapshot_files._WRITERS[SnapshotFileKind.CSV]

    def beside_another(snapshot):
        monkeypatch.undo()
        stored_file(snapshot=snapshot, kind=SnapshotFileKind.CSV)
        return write(snapshot)

    monkeypatch.setitem(snapshot_files._WRITERS, SnapshotFileKind.CSV, beside_another)
    stored = stored_file(snapshot=approved, kind=SnapshotFileKind.CSV)
    assert approved.files.get() == stored


def test_district_with_nothing_below_takes_no_sum_of_communes():
    row = {"key": "350", "unit": "Huyện Kim Bảng", "has_communes": True}
    away = {"key": "away", "unit": "", "has_communes": False}
    place = {"key": "13591", "district": "Huyện Lý Nhân"}
    facts = {"rows": [row, away], "cadres": [], "places": [place], "total": {}}
    of_columns = [one for one in sums_of_facts(facts) if len({key[2] for key in one.keys}) == 1]
    assert {one.whole[:2] for one in of_columns} == {("total", "total")}
