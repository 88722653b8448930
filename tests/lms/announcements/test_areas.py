"""A coordinator writes to the people of an area, who else does not."""

from django.urls import reverse

from lms.accounts.enums import Role
from lms.announcements.domain.writing import find_group
from tests.factories.accounts import PostingFactory, browse, make_official
from tests.factories.attendance import make_class
from tests.factories.geography import merge_kim_bang, unit


def test_coordinator_writes_to_the_people_of_the_own_area_alone_on_whatever_map(edition):
    """The commune of the district went into one of 2025, on which some have their posts."""
    inside = PostingFactory(unit=unit("13387")).user
    PostingFactory(unit=unit("13591"))
    later = PostingFactory(unit=merge_kim_bang()).user
    by = make_official(Role.COORDINATOR, "350")

    def group(code):
        params = {"unit": str(unit(code).pk)}
        return find_group(audience="announcements.area", params=params, by=by, remind=False)

    assert set(group("350").people.exclude(pk=by.pk)) == {inside, later}
    assert group("353") is None
    assert find_group(audience="announcements.area", params={}, by=by, remind=False) is None


def test_areas_are_offered_to_coordinators_alone(edition):
    # Offered are the units of a map on which a programme runs.
    make_class("350")
    page = reverse("announcements:areas")
    assert browse(make_official(Role.TRAINER, "350")).get(page).status_code == 403
    rows = browse(make_official(Role.COORDINATOR, "350")).get(page).context["rows"]
    assert unit("350") in [row["unit"] for row in rows]
