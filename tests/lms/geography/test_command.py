"""`manage.py load_boundaries`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from lms.geography.models import BoundaryEdition

pytestmark = pytest.mark.django_db


def test_command_says_what_it_loaded(folder):
    out = StringIO()

    call_command("load_boundaries", str(folder.path), stdout=out)
    call_command("load_boundaries", str(folder.path), stdout=out)

    assert out.getvalue().splitlines() == [
        "2 bản địa giới (thêm mới 2), 9 đơn vị (thêm mới 9), 3 dòng kế thừa (thêm mới 3).",
        "2 bản địa giới (thêm mới 0), 9 đơn vị (thêm mới 0), 3 dòng kế thừa (thêm mới 0).",
    ]


def test_command_takes_the_shipped_lists_by_default():
    call_command("load_boundaries", stdout=StringIO())

    assert BoundaryEdition.objects.count() == 4


def test_command_gives_the_reason_of_a_refusal(folder):
    folder.replace("editions.csv", "Hà Nam,1,3", "Hà Nam,1,4")

    with pytest.raises(CommandError) as caught:
        call_command("load_boundaries", str(folder.path))

    assert str(caught.value) == (
        "Chưa nạp gì. editions.csv, dòng 2: bản địa giới ghi 4 ở cột “communes”, "
        "nhưng units_2013-07-24.csv có 3."
    )
