from datetime import UTC, datetime

from lms.accounts.models import Invitation, PurgeRun

# In Hà Nam it is past midnight already.
EVENING = datetime(2014, 5, 6, 18, 0, tzinfo=UTC)


def test_records_are_named_by_the_day_here():
    assert str(PurgeRun(started_at=EVENING)) == "07/05/2014"
    assert str(Invitation(user_id=5, issued_at=EVENING)) == "5, 07/05/2014"
