"""`manage.py load_boundaries`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from lms.geography.models import BoundaryEdition
from tests.reading import numbers

pytestmark = pytest.mark.django_db


def test_command_says_what_it_loaded(folder):
    out = StringIO()

    call_command("load_boundaries", str(folder.path), stdout=out)
    call_command("load_boundaries", str(folder.path), stdout=out)

    assert [numbers(line) for line in out.getvalue().splitlines()] == [
        [2, 2, 9, 9, 3, 3],
        [2, 0, 9, 0, 3, 0],
    ]


def test_command_takes_the_shipped_lists_by_default():
    call_command("load_boundaries", stdout=StringIO())

    assert BoundaryEdition.objects.count() == 4


def test_command_gives_the_reason_of_a_refusal(folder):
    folder.replace("editions.csv", "Hà Nam,1,3", "Hà Nam,1,4")

    with pytest.raises(CommandError) as caught:
        call_command("load_boundaries", str(folder.path))

    refusal = caught.value.__cause__
    assert (refusal.code, refusal.file, refusal.line) == ("unit_count", "editions.csv", 2)
    assert str(refusal) in str(caught.value)
