"""Forms, filters and imports offer the units of the edition that is in use."""

from datetime import date

from lms.accounts.boundary_changes.domain.apply_edition import take_effect
from lms.accounts.enums import Cadre, Role
from lms.accounts.models import User
from lms.accounts.register.domain.unit_choices import usual_districts, usual_units
from lms.accounts.register.forms.people import PersonForm, RoleForm
from lms.geography.models import AdministrativeUnit
from lms.importing.domain.uploading import usual_edition
from tests.factories.accounts import PostingFactory, make_official
from tests.factories.geography import unit

OLD, NEW, LATER, LAST = "2013-07-24", "2020-01-01", "2025-01-01", "2025-07-01"
TODAY = date(2026, 1, 5)


def offered(form):
    return set(form.fields["unit"].queryset.values_list("edition__code", flat=True))


def test_choices_are_of_one_map_before_and_after(editions):
    keeper = make_official(Role.ADMINISTRATOR, "35")
    assert offered(PersonForm(for_user=keeper)) == {OLD}

    take_effect(edition=editions[NEW], today=TODAY)

    keeper = User.objects.get(pk=keeper.pk)
    assert offered(PersonForm(for_user=keeper)) == {NEW}
    assert offered(RoleForm(for_user=keeper)) == {NEW}
    assert usual_edition(by=keeper) == editions[NEW]


def test_post_that_waits_keeps_its_unit_in_the_form(editions):
    parts = AdministrativeUnit.objects.filter(edition=editions[LATER], successors__extent="part")
    post = PostingFactory(unit=parts.first(), cadre=Cadre.COLLABORATOR)
    keeper = make_official(Role.ADMINISTRATOR, "35")
    take_effect(edition=editions[LAST], today=TODAY)

    form = PersonForm(instance=post.user, for_user=User.objects.get(pk=keeper.pk))

    assert offered(form) == {LATER, LAST}


def test_superuser_chooses_from_every_map_and_others_of_districts_from_the_own(editions):
    everybody = User.objects.create_superuser("QT9", "Phạm Văn Quản")
    keeper = make_official(Role.COORDINATOR, "350")

    units = AdministrativeUnit.objects.all()
    chosen = usual_units(by=everybody, on=TODAY, units=units)
    assert chosen.count() == units.count()
    districts = usual_districts(by=everybody, on=TODAY)
    assert districts.count() == units.districts().count()
    assert list(usual_districts(by=keeper, on=TODAY)) == [unit("350")]


def test_nobody_is_offered_a_map_that_no_role_stands_on(editions):
    assert usual_edition(by=PostingFactory(unit=unit("13384")).user) == editions[OLD]
