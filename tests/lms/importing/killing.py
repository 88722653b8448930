"""The list of `test_kill.py`, in the embedded default's own database and broker.

`python -m tests.lms.importing.killing N` rehearses a list of N new people, asks for it to be written
and queues the message. The environment says where.
"""

import sys

import django

if __name__ == "__main__":
    django.setup()

from lms.accounts.enums import Role
from lms.accounts.register.domain.roles import assign_role
from lms.importing.domain.confirming import ask_to_confirm
from lms.importing.models import ImportBatch
from lms.importing.tasks import confirm
from tests.factories.accounts import UserFactory
from tests.factories.geography import make_map, unit
from tests.factories.importing import rehearsed, sheet


def prepare(people: int) -> None:
    make_map()
    user = UserFactory()
    assign_role(user=user, role=Role.COORDINATOR, unit=unit("350"))
    rows = [
        (f"KILL-{number}", f"Người {number}", "1980", "Nữ", "", "Quế", "CTV")
        for number in range(people)
    ]
    rehearsed(sheet(*rows), by=user)


def ask() -> None:
    batch = ImportBatch.objects.get()
    ask_to_confirm(batch=batch)
    confirm.delay(batch.pk)


if __name__ == "__main__":
    prepare(int(sys.argv[1]))
    ask()
