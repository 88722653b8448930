"""What a change of a programme does to its figures is seen before anything is saved."""

from datetime import date

import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from courses.domain.programme_changes import ProgrammeChange, asked_now
from lms.accounts.enums import Cadre
from lms.reporting.domain.programme_effect import effect_on_figures
from lms.reporting.enums import PersonState
from tests.factories.accounts import PostingFactory
from tests.factories.courses import make_course
from tests.factories.geography import make_map, unit
from tests.factories.importing import rehearsed, sheet
from tests.factories.reporting import ask_cadre, enrolled
from tests.shared import shared

pytestmark = pytest.mark.usefixtures("world")

DAY = date(2014, 6, 1)
OFFICER, COLLABORATOR = Cadre.COMMUNE_OFFICER, Cadre.COLLABORATOR


@shared
def people(world):
    """One who has completed in Kim Bảng, one officer of Lý Nhân whom nothing is asked of."""
    enrolled(world, "350", "13384", completed=True)
    PostingFactory(unit=unit("13591"), cadre=OFFICER)


def change_of(world, *asked, edition=None):
    programme = world.programme
    return ProgrammeChange(programme, frozenset(asked), edition or programme.edition)


def effect_of(change, reader):
    effect = effect_on_figures(change=change, on=DAY, reader=reader)
    places = {
        place.unit and place.unit.code: (dict(place.before), dict(place.after))
        for place in effect.places
    }
    return effect.people, effect.classes, places


def test_further_cadre_brings_in_its_people(world, people, administrator):
    kept = asked_now(programme=world.programme)
    change = change_of(world, *kept, (OFFICER, world.course.pk))

    done, no_class = {PersonState.COMPLETED: 1}, {PersonState.NO_CLASS: 1}
    assert change.changes_figures
    assert effect_of(change, administrator) == (1, 2, {"350": (done, done), "353": ({}, no_class)})
    assert asked_now(programme=world.programme) == kept


def test_further_course_takes_completions_back(world, people, administrator):
    other = make_course("p2-moi")
    kept = asked_now(programme=world.programme)
    change = change_of(world, *kept, (COLLABORATOR, other.pk))

    after = {"350": ({PersonState.COMPLETED: 1}, {PersonState.NO_CLASS: 1})}
    assert effect_of(change, administrator) == (1, 0, after)


def test_other_map_shows_the_places_of_both(world, people, administrator):
    other = make_map("2020-01-01")
    kept = asked_now(programme=world.programme)
    change = change_of(world, *kept, edition=other)

    done = {PersonState.COMPLETED: 1}
    assert change.changes_figures
    assert effect_of(change, administrator) == (0, 0, {"350": (done, {}), None: ({}, done)})
    assert not change_of(world, *kept).changes_figures


# --- By form


def typed(world, *asked, **said):
    stored = world.programme.requirements.get()
    rows = [{"id": stored.pk, "course": stored.course_id, "cadre": stored.cadre}]
    rows += [{"course": world.course.pk, "cadre": cadre} for cadre in asked]
    programme = world.programme
    values = {
        "name": programme.name,
        "code": programme.code,
        "edition": programme.edition_id,
        "starts_on": "01/01/2014",
        "ends_on": "31/12/2014",
        "requirements": inline_formset(rows, initial=1),
    }
    return nested_form_data(values | said)


def test_form_shows_the_effect_and_saves_what_was_seen(world, people, as_administrator):
    address = reverse("programmes:edit", args=[world.programme.pk])
    before = asked_now(programme=world.programme)

    shown = as_administrator.post(address, typed(world, OFFICER))
    assert shown.status_code == 200
    assert asked_now(programme=world.programme) == before
    seen = shown.context["seen"]

    # Somebody else comes in meanwhile: it is another effect, and shown again.
    PostingFactory(unit=unit("13591"), cadre=OFFICER)
    again = as_administrator.post(address, typed(world, OFFICER, seen=seen))
    assert again.context["seen"] != seen
    assert asked_now(programme=world.programme) == before

    saved = as_administrator.post(address, typed(world, OFFICER, seen=again.context["seen"]))
    assert saved.status_code == 302
    assert asked_now(programme=world.programme) == {*before, (OFFICER, world.course.pk)}


def test_effect_is_that_of_what_is_saved_where_somebody_else_has_added_a_row(
    world, people, as_administrator
):
    address = reverse("programmes:edit", args=[world.programme.pk])
    PostingFactory(unit=unit("13384"), cadre=Cadre.DISTRICT_OFFICER)
    data = typed(world, Cadre.DISTRICT_OFFICER)
    ask_cadre(world)

    shown = as_administrator.post(address, data)
    places = shown.context["effect"].places
    as_administrator.post(address, data | {"seen": shown.context["seen"]})

    # The officers of Lý Nhân are asked before and after.
    assert [place.unit.code for place in places if place.before != place.after] == ["350"]
    assert {cadre for cadre, _course in asked_now(programme=world.programme)} == {
        COLLABORATOR,
        OFFICER,
        Cadre.DISTRICT_OFFICER,
    }


def test_what_changes_no_figure_is_saved_at_once_and_a_row_of_somebody_else_is_no_change_of_mine(
    world, as_administrator
):
    address = reverse("programmes:edit", args=[world.programme.pk])
    data = typed(world, name="Dự án mới")
    ask_cadre(world)

    assert as_administrator.post(address, data).status_code == 302
    world.programme.refresh_from_db()
    assert world.programme.name == "Dự án mới"
    assert len(asked_now(programme=world.programme)) == 2


def test_row_taken_out_asks_nothing_any_more(world, people, as_administrator):
    address = reverse("programmes:edit", args=[world.programme.pk])
    data = typed(world) | {"requirements-0-DELETE": "on"}

    shown = as_administrator.post(address, data)
    as_administrator.post(address, data | {"seen": shown.context["seen"]})

    assert asked_now(programme=world.programme) == frozenset()


# --- By list


def test_list_tells_the_effect_of_all_its_rows_together(world, people, administrator):
    header = ("Mã chương trình", "Nhóm đối tượng", "Mã khóa học")
    code = world.course.code
    new = sheet(("du-an-2", "Cán bộ xã", code), header=header, name="yeu-cau.csv")
    same = sheet(("du-an-2", "Cộng tác viên thôn", code), header=header, name="yeu-cau.csv")

    told = rehearsed(new, by=administrator, kind="requirements").effects
    nothing = rehearsed(same, by=administrator, kind="requirements").effects

    assert len(told) == 2
    assert "Lý Nhân" in told[1]
    assert nothing == []
