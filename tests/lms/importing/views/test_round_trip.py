"""What the register gives out it takes back: every row is the same."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories.accounts import browse
from tests.factories.importing import outcomes, rehearsed


@pytest.mark.parametrize("ending", ["xlsx", "ods", "csv"])
def test_exported_list_of_people_comes_back_as_same(administrator, make_person, ending):
    make_person("Trần Văn Nhà", phone="+84912345678", sex="male", year_of_birth=1970)
    make_person("Nguyễn Thị Hương", code="13591", email="huong@example.vn", sex="female")
    address = reverse("wagtailusers_users:index")
    content = b"".join(browse(administrator).get(address, {"export": ending}).streaming_content)
    file = SimpleUploadedFile(f"danh-sach-can-bo.{ending}", content)

    batch = rehearsed(file, by=administrator)

    columns = set(batch.choices["columns"])
    assert columns >= {"full_name", "staff_code", "phone", "email", "sex", "year_of_birth"}
    assert outcomes(batch) == ["same"] * 3
