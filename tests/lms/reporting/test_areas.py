"""Everybody lands on the own area, without a dead end or an alarm about places of others."""

from datetime import timedelta

import pytest
from django.urls import reverse

from lms.accounts.enums import Role
from lms.accounts.register.domain.roles import assign_role
from lms.geography.domain.areas import record_areas
from lms.geography.enums import Extent, Level
from lms.geography.models import UnitSuccession
from lms.reporting.domain.narrowing import Narrowing
from lms.reporting.enums import Beyond, CountedAt, NamesOf
from tests.factories.accounts import PostingFactory, UserFactory, browse, make_official
from tests.factories.geography import make_map, unit
from tests.factories.reporting import TODAY, asked_of, enrolled, lines_of, table_of
from tests.factories.rows import set_fields

LATER = "2020-01-01"
PAGE = reverse("reporting:completion")

pytestmark = pytest.mark.sqlite("paths and sub-queries")


def told(table):
    return [(row.unit and row.unit.code, row.is_office, row.figures.people) for row in table.rows]


def test_focal_point_lands_on_the_names_of_the_own_commune(world):
    somebody = enrolled(world, "350", "13384").user
    enrolled(world, "350", "13387")
    client = browse(make_official(Role.FOCAL_POINT, "13384"))

    answer = client.get(PAGE, {"cadre": "collaborator"}, follow=True)
    names = reverse("reporting:people", args=[unit("13384").pk])
    assert answer.redirect_chain == [(f"{names}?cadre=collaborator", 302)]
    assert [row["label"] for row in answer.context["rows"]] == [str(somebody)]
    for step in answer.context["trail"]:
        assert client.get(step["url"], follow=True).status_code == 200


def test_coordinator_lands_on_the_communes_of_the_own_district(as_coordinator, world):
    enrolled(world, "350", "13384")
    enrolled(world, "353", "13591")

    answer = as_coordinator.get(PAGE)
    assert [line["row"].unit.code for line in answer.context["rows"]] == ["13384", "13387"]
    assert answer.context["table"].parent == unit("350")
    for line in answer.context["rows"]:
        assert as_coordinator.get(line["url"]).status_code == 200


def new_map_of_one_tier():
    """Three communes became one each; Bắc Lý was divided; there are no districts any more."""
    later = make_map(LATER)
    for code in ("13384", "13387", "13591"):
        UnitSuccession.objects.create(
            from_unit=unit(code), to_unit=unit(code, LATER), extent=Extent.WHOLE
        )
    UnitSuccession.objects.create(
        from_unit=unit("13588"), to_unit=unit("13591", LATER), extent=Extent.PART
    )
    province = unit("35", LATER)
    for commune in later.units.filter(level=Level.COMMUNE):
        commune.move(province, "last-child")
        province.refresh_from_db()
    later.units.filter(level=Level.DISTRICT).delete()
    record_areas()
    return later


def test_coordinator_of_a_new_commune_sees_what_it_was_and_no_alarm_about_others(world):
    new_map_of_one_tier()
    reader = UserFactory()
    assign_role(user=reader, role=Role.COORDINATOR, unit=unit("13384", LATER))
    enrolled(world, "350", "13384")

    table = table_of(world, reader)
    assert told(table) == [("13384", False, 1)]
    assert (table.total.communes, table.total.communes_unknown) == (1, 0)
    assert browse(reader).get(PAGE, follow=True).status_code == 200


def test_whoever_oversees_parts_of_two_districts_sees_these_communes(world):
    reader = make_official(Role.FOCAL_POINT, "13384")
    assign_role(user=reader, role=Role.COORDINATOR, unit=unit("353"))
    enrolled(world, "350", "13384")
    enrolled(world, "353", "13588")

    table = table_of(world, reader)
    assert told(table) == [("13384", False, 1), ("353", False, 1)]
    assert [place.unit.code for place in table.places] == ["13384", "13591", "13588"]


def test_reasons_for_standing_on_no_unit_are_told_apart(world, monitor):
    later = new_map_of_one_tier()
    office = PostingFactory(unit=unit("350")).user
    divided = enrolled(world, "353", "13588").user
    enrolled(world, "350", "13384")

    table = table_of(world, monitor, edition=later)
    assert {row.beyond: row.figures.people for row in table.rows if row.beyond} == {
        Beyond.DIVIDED: 1,
        Beyond.ABOLISHED: 1,
    }
    for where, person in ((NamesOf.ABOLISHED, office), (NamesOf.DIVIDED, divided)):
        asked = asked_of(world, monitor, edition=later, narrowing=Narrowing(where=where))
        assert [line.user for line in lines_of(**asked)] == [person]


def test_who_moved_out_is_not_told_as_divided(as_coordinator, coordinator, world):
    enrolment = enrolled(world, "350", "13384")
    set_fields(enrolment.posting, valid_to=TODAY - timedelta(days=1))
    PostingFactory(user=enrolment.user, unit=unit("13591"), valid_from=TODAY)

    table = table_of(world, coordinator, counted_at=CountedAt.NOW)
    assert [row.beyond for row in table.rows if row.figures.people] == [Beyond.AWAY]
    answer = as_coordinator.get(PAGE, {"counted": "now"})
    assert answer.context["summary"].beyond == {Beyond.AWAY: 1}
    assert len(answer.context["headline"]["gaps"]) == 1
    (away,) = [line for line in answer.context["rows"] if line["row"].beyond]
    assert away["url"] == ""
