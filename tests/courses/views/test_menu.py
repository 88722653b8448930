"""The bar on top, and the first page after log-in."""

import pytest
from django.urls import reverse

from lms.accounts.enums import Role
from lms.core.context_processors import suite
from tests.factories.accounts import browse, log_in, make_official

OURS = ("my-work", "classes", "write-lessons")


def entries_for(user, rf):
    request = rf.get("/")
    request.user = user
    return [e["key"] for e in suite(request)["suite"]["navigation"] if e["key"] in OURS]


def test_trainee_is_offered_the_own_work_only(as_trainee, enrolment, rf):
    assert entries_for(enrolment.user, rf) == ["my-work"]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.TRAINER, ["classes", "write-lessons"]),
        (Role.ADMINISTRATOR, ["classes", "write-lessons"]),
        (Role.COORDINATOR, ["classes"]),
        (Role.MONITOR, ["classes"]),
    ],
)
def test_staff_are_offered_the_classes(edition, rf, role, expected):
    user = make_official(role, "350")
    _client = browse(user)

    assert entries_for(user, rf) == expected


def test_trainee_starts_with_the_own_work_and_a_trainer_with_the_classes(as_trainee):
    trainer = log_in(Role.TRAINER, "35")

    assert as_trainee.get(reverse("start"))["Location"] == reverse("courses:my_work")
    assert trainer.get(reverse("start"))["Location"] == reverse("courses:run_list")
