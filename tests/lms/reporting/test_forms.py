"""What the form of a report makes of what was typed."""

from lms.reporting.domain.snapshots import units_to_report
from lms.reporting.forms import SnapshotForm


def test_recipients_are_kept_without_the_dashes_that_the_paper_puts(monitor, world):
    typed = {"recipients": "- Sở;\r\n\r\n – Lưu: VT. "}
    form = SnapshotForm(typed, by=monitor, units=units_to_report(by=monitor))
    form.is_valid()
    assert form.cleaned_data["recipients"] == "Sở;\nLưu: VT."
