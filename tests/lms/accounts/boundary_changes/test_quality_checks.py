"""Posts that a boundary change left behind, as the page of data quality tells them."""

from datetime import date, datetime, timedelta, timezone

from django.urls import reverse

from lms.accounts.boundary_changes.domain.apply_edition import take_effect
from lms.accounts.boundary_changes.quality_checks import NotAllocated
from lms.accounts.enums import Role
from lms.geography.models import AdministrativeUnit
from tests.factories.accounts import PostingFactory, RoleAssignmentFactory, make_official
from tests.lms.accounts.boundary_changes.domain.conftest import split_commune
from tests.quality import told_by

NOW = datetime(2026, 1, 5, 8, tzinfo=timezone(timedelta(hours=7)))
BEFORE = datetime(2013, 1, 5, 8, tzinfo=timezone(timedelta(hours=7)))


def test_posts_of_a_divided_unit_are_told_and_decided_by_whom_may(editions):
    commune = split_commune()
    post = PostingFactory(unit=commune, valid_from=date(2025, 2, 1))
    take_effect(edition=editions["2025-07-01"], today=date(2026, 1, 5))
    keeper, watcher = (make_official(role, "35") for role in (Role.ADMINISTRATOR, Role.MONITOR))
    check = NotAllocated()

    (line,) = told_by(check, keeper, at=NOW)
    assert line.mend_url == reverse("editions:waiting_unit", args=(commune.pk,))
    assert line.code == post.user.staff_code
    (seen,) = told_by(check, watcher, at=NOW)
    assert (seen.url, seen.mend_url) == (line.url, "")
    assert check.act(keeper).url == reverse("editions:waiting")
    assert check.act(watcher) is None
    assert told_by(check, keeper, at=BEFORE) == []
    districts = AdministrativeUnit.objects.districts().filter(edition=commune.edition)
    other = next(one for one in districts if not commune.path.startswith(one.path))
    coordinator = RoleAssignmentFactory(role=Role.COORDINATOR, unit=other).user
    assert told_by(check, coordinator, at=NOW) == []
