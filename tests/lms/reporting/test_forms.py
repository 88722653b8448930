"""What the form of a report makes of what was typed, what its files say of themselves, and a merge since."""

import re

from django.urls import reverse

from lms.accounts.enums import Cadre, Role
from lms.accounts.merging.domain.merge import merge
from lms.accounts.register.domain.roles import assign_role
from lms.reporting.domain.snapshot_differences import differences_of
from lms.reporting.domain.snapshot_files import names_sheet
from lms.reporting.domain.snapshot_paper import compose_paper
from lms.reporting.domain.snapshots import approve_snapshot, units_to_report, withdraw_snapshot
from lms.reporting.enums import SnapshotFileKind
from lms.reporting.forms import SnapshotForm
from lms.reporting.models import ReportSnapshot
from lms.reporting.views import snapshots
from tests.factories.accounts import PostingFactory, browse
from tests.factories.courses import ProgrammeFactory
from tests.factories.files import rows_of
from tests.factories.geography import make_map, unit
from tests.factories.reporting import set_target
from tests.factories.rows import set_fields
from tests.lms.reporting.frozen import JUNE, MAY, OFFICE, draft


def test_recipients_are_kept_without_the_dashes_that_the_paper_puts(monitor, world):
    typed = {"recipients": "- Sở;\r\n\r\n – Lưu: VT. "}
    form = SnapshotForm(typed, by=monitor, units=units_to_report(by=monitor))
    form.is_valid()
    assert form.cleaned_data["recipients"] == "Sở;\nLưu: VT."


def test_names_of_a_district_say_so_whoever_takes_them(world, as_monitor, monitor, chief, people):
    snapshot = draft(world, monitor, code="350")
    approve_snapshot(snapshot=snapshot, by=chief, at=JUNE)
    address = reverse("reporting:snapshot_file", args=[snapshot.pk, SnapshotFileKind.NAMES])
    lines = [" ".join(map(str, row)) for row in rows_of(as_monitor.get(address), "xlsx")]
    (area,) = (line for line in lines if line.startswith("Địa bàn: "))
    assert str(unit("350")) in area


def test_form_tells_units_of_two_maps_apart_and_refuses_one_off_the_map(world, monitor, people):
    make_map("2020-01-01")
    later = unit("35", edition="2020-01-01")
    assign_role(user=monitor, role=Role.MONITOR, unit=later)
    page = browse(monitor)
    address = reverse("reporting:snapshot_make")
    labels = [label for _pk, label in page.get(address).context["form"].fields["unit"].choices]
    # No programme is told of on the later map.
    assert len(labels) == 3
    ProgrammeFactory(edition=later.edition, code="khac")
    labels = [label for _pk, label in page.get(address).context["form"].fields["unit"].choices]
    assert len(set(labels)) == len(labels) == 6
    asked = {"programme": world.programme.pk, "unit": later.pk, "period": MAY.key, **vars(OFFICE)}
    assert "unit" in page.post(address, asked).context["form"].errors
    assert not ReportSnapshot.objects.exists()


def test_two_records_made_one_since_are_told_beside_the_report(drafted, chief, people):
    first, second = people[8:10]
    merge(keep=first, close=second, by=chief, at=JUNE)
    found = differences_of(snapshot=drafted, reader=chief)
    assert ("people", 13, 12) in [(one.column, one.frozen, one.now) for one in found.cells]
    (told,) = found.people
    assert told.user == first
    assert told.frozen == "; ".join([told.now] * 2)
    codes = [row[1] for row in names_sheet(snapshot=drafted).rows]
    assert (len(codes), codes.count(first.staff_code)) == (13, 2)


def test_paper_tells_the_number_that_is_set_and_what_part_of_it_is_reached(world, monitor, people):
    set_target(world, "350", people=20, percent=80)
    set_target(world, "350", cadre=Cadre.COLLABORATOR, percent=90)
    paper = compose_paper(snapshot=draft(world, monitor, code="350"))
    # Six of eleven people, and of the twenty who are wanted.
    assert any("20" in one and "30%" in one for one in paper["paragraphs"])
    assert paper["tables"][0]["rows"][-1][-1] == "55%"
    assert ["20" in rule for rule in paper["rules"][-2:]] == [True, False]
    whole = compose_paper(snapshot=draft(world, monitor))
    assert len(whole["paragraphs"]) == len(paper["paragraphs"]) - 1


def test_list_of_reports_reads_no_more_of_them_than_it_shows(
    world, monitor, chief, people, monkeypatch
):
    for year in range(3):
        made = draft(world, monitor)
        withdraw_snapshot(snapshot=made, by=monitor, reason=f"Nhầm {year}", at=JUNE)
    monkeypatch.setattr(snapshots, "REPORTS_PER_PAGE", 2)
    client = browse(monitor)
    first, last = (
        client.get(reverse("reporting:snapshots"), {"page": page}).context["rows"]
        for page in ("1", "99")
    )
    assert (len(first), len(last)) == (2, 1)
    assert not {row["url"] for row in first} & {row["url"] for row in last}


def test_paper_leaves_communes_of_few_people_out_of_those_reached(world, monitor, people):
    """Eleven people in Quế, six of whom have completed; two in Đức Lý, one in Bắc Lý, an office of one."""
    for code in ("13588", "350"):
        PostingFactory(unit=unit(code))
    snapshot = draft(world, monitor)
    total = snapshot.facts["total"]
    paper = compose_paper(snapshot=snapshot)
    told = [re.findall(r"\d+", one) for one in paper["paragraphs"]]
    assert ["1", str(total["communes"] - 2), "5"] in told
    set_fields(snapshot, facts={**snapshot.facts, "places": [], "rows": snapshot.facts["rows"][:1]})
    told = [re.findall(r"\d+", one) for one in compose_paper(snapshot=snapshot)["paragraphs"]]
    assert ["1", str(total["communes"])] in told


def test_paper_of_a_place_without_communes_tells_of_none(world, monitor, people):
    snapshot = draft(world, monitor, code="350")
    with_communes = compose_paper(snapshot=snapshot)["paragraphs"]
    snapshot.facts["total"]["communes"] = 0
    assert len(compose_paper(snapshot=snapshot)["paragraphs"]) == len(with_communes) - 1
