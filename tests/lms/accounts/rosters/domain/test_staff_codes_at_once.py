"""Lists with people without a code, written by several workers at once, on real connections."""

from functools import partial

from django.db import transaction

from lms.accounts.models import User
from lms.accounts.rosters.domain.staff_codes import give_staff_codes
from tests.at_once import ON_REAL_CONNECTIONS, at_once

pytestmark = ON_REAL_CONNECTIONS
LISTS = 8
# Two orders of the same places: whoever held one and waited for the other would wait for good.
PLACES = (["13384", "13387", "13384"], ["13387", "13384"])


def take_in(number):
    with transaction.atomic():
        codes = give_staff_codes(unit_codes=PLACES[number % 2])
        User.objects.bulk_create(User(staff_code=code, full_name="Người Mẫu") for code in codes)
    return codes


def test_lists_written_at_once_give_each_person_a_code_of_their_own():
    lists = at_once(*(partial(take_in, number) for number in range(LISTS)))
    given = [code for codes in lists for code in codes]

    expected = [f"CB13384-{n:03d}" for n in range(1, 13)] + [
        f"CB13387-{n:03d}" for n in range(1, 9)
    ]
    assert sorted(given) == expected
