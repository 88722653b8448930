"""What the page of one's own data tells of the imports one made."""

import pytest

from lms.accounts.personal_data.domain.own_data import held_about
from lms.importing.models import ImportBatch
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_own_imports_are_told_in_words():
    person = UserFactory()
    ImportBatch.objects.create(by=person, kind="people", file_name="danh-sach.xlsx")

    sections = {section.title: section.rows for section in held_about(person=person)}

    assert [row[:2] for row in sections["Lần nhập"]] == [["danh-sach.xlsx", "Chờ ghép cột"]]
