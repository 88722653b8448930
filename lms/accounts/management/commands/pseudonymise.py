"""`manage.py pseudonymise`: made-up people in a copy of the database, for training and support."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from lms.accounts.personal_data.domain.pseudonymise import pseudonymise
from lms.core.refusal import Refusal


class Command(BaseCommand):
    help = "Replace everybody in this copy of the database by a made-up person. No way back."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--yes-this-is-a-copy",
            action="store_true",
            help="The name of the database does not say so, but it is a copy.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            changed = pseudonymise(confirmed=options["yes_this_is_a_copy"])
        except Refusal as refusal:
            raise CommandError(str(refusal)) from refusal
        sentence = _("People given another name: %(count)s. Only made-up accounts can log in.")
        self.stdout.write(sentence % {"count": str(changed)})
