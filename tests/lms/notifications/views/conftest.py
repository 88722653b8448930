import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from lms.accounts.enums import Role
from tests.factories.accounts import PostingFactory, RoleAssignmentFactory
from tests.factories.geography import unit
from tests.factories.notifications import ReminderFactory


def log_in(role, code):
    """A browser of somebody with this role in this unit."""
    user = RoleAssignmentFactory(role=role, unit=unit(code)).user
    group, _ = Group.objects.get_or_create(name="Vào trang quản trị")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    user.groups.add(group)
    client = Client()
    client.force_login(user)
    client.user = user
    return client


@pytest.fixture
def coordinator(edition):
    """Looks after district 350."""
    return log_in(Role.COORDINATOR, "350")


@pytest.fixture
def monitor(edition):
    return log_in(Role.MONITOR, "35")


@pytest.fixture
def trainer(edition):
    return log_in(Role.TRAINER, "350")


def reminder_to(code, name, **fields):
    """A reminder to a person of this commune."""
    user = PostingFactory(unit=unit(code), user__full_name=name).user
    user.email = f"{user.staff_code.lower()}@example.vn"
    user.save()
    return ReminderFactory(user=user, **fields)
