"""A class, who teaches it, and its people."""

from lms.accounts.enums import Role
from lms.accounts.register.domain.roles import assign_role
from tests.factories.accounts import UserFactory
from tests.factories.attendance import enrol_many, make_class
from tests.factories.geography import unit
from tests.factories.rows import set_fields
from tests.shared import shared


@shared
def run(edition):
    return make_class("350", title="Lớp Kim Bảng")


@shared
def author(run):
    person = UserFactory(full_name="Trần Văn Dạy", phone="+84912345678")
    assign_role(user=person, role=Role.TRAINER, unit=unit("350"))
    run.trainers.add(person)
    return person


@shared
def people(run):
    """One with an address, one with a phone, one with neither."""
    found = enrol_many(run, 3)
    set_fields(found[0].user, email="an@example.vn", phone=None)
    set_fields(found[1].user, email=None, phone="+84987000111")
    set_fields(found[2].user, email=None, phone=None)
    return found
