"""What the form of a report makes of what was typed, and what its files say of themselves."""

from django.urls import reverse

from lms.reporting.domain.snapshots import approve_snapshot, units_to_report
from lms.reporting.enums import SnapshotFileKind
from lms.reporting.forms import SnapshotForm
from tests.factories.files import rows_of
from tests.factories.geography import unit
from tests.lms.reporting.test_snapshots import JUNE, chief, draft, monitor, people

__all__ = ["chief", "monitor", "people"]


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
