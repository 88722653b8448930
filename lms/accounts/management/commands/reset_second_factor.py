"""manage.py reset_second_factor STAFF_CODE: for the last administrator, whom nobody else can help."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from lms.accounts.register.domain.login_lookup import find_login
from lms.accounts.signin.domain.second_factor import reset_second_factor


class Command(BaseCommand):
    help = "Take the second factor of one person away; the history of the person tells of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("staff_code")

    def handle(self, *args: Any, **options: Any) -> None:
        person = find_login(text=options["staff_code"])
        if person is None:
            raise CommandError("Nobody has this staff code.")
        done = reset_second_factor(person=person, by=None)
        self.stdout.write("Taken away." if done else "There was none.")
