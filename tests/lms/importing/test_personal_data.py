"""What the page of one's own data tells of the imports one made."""

import pytest

from lms.accounts.personal_data.domain.own_data import held_about
from lms.importing.models import ImportBatch
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_own_imports_are_told_in_words():
    person = UserFactory()
    batch = ImportBatch.objects.create(by=person, kind="people", file_name="danh-sach.xlsx")

    rows = [row[:2] for section in held_about(person=person) for row in section.rows]

    assert ["danh-sach.xlsx", batch.get_state_display()] in rows
