import pytest

from courses.permissions import host_units
from lms.accounts.enums import Role
from tests.factories.accounts import UserFactory, make_official


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.TRAINER, Role.ADMINISTRATOR])
def test_host_units_are_those_of_the_role_and_below(edition, role):
    person = make_official(role, "350")

    codes = host_units(person).values_list("code", flat=True)

    assert sorted(codes) == ["13384", "13387", "350"]


def test_host_units_of_a_monitor_and_of_a_trainee_are_none(edition):
    for person in (make_official(Role.MONITOR, "35"), UserFactory()):
        assert not host_units(person).exists()
