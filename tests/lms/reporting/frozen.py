"""Reports that are frozen: when, by which office, and of which period."""

from datetime import date, datetime

from lms.accounts.models import User
from lms.reporting.domain.periods import Period, period_of
from lms.reporting.domain.snapshot_facts import Office
from lms.reporting.domain.snapshots import draft_snapshot
from lms.reporting.enums import PeriodKind
from lms.reporting.models import ReportSnapshot
from tests.factories.geography import unit
from tests.factories.reporting import HANOI, World

MAY = period_of(kind=PeriodKind.MONTH, day=date(2014, 5, 1))
JUNE = datetime(2014, 6, 3, 9, 0, tzinfo=HANOI)
CLASS_DAY = datetime(2014, 5, 6, 8, 0, tzinfo=HANOI)
OFFICE = Office(
    parent="UBND tỉnh Hà Nam",
    name="Sở Lao động - Thương binh và Xã hội",
    code="SLĐTBXH",
    place="Hà Nam",
    signer_position="Giám đốc",
    signer_name="Lê Văn Ký",
    recipients="Bộ Lao động - Thương binh và Xã hội;\nLưu: VT.",
)


def draft(
    world: World, by: User, code: str = "35", period: Period = MAY, at: datetime = JUNE
) -> ReportSnapshot:
    return draft_snapshot(
        programme=world.programme, unit=unit(code), period=period, office=OFFICE, by=by, at=at
    )
