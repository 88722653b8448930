"""manage.py load_course FOLDER CODE"""

import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from courses.domain.loading import ensure_course_index, load_course
from lms.accounts.register.domain.roles import ensure_role_groups


class Command(BaseCommand):
    help = "Make and publish the course that a folder of TOML files describes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("code")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            course = load_course(folder=options["folder"], code=options["code"])
        except (OSError, tomllib.TOMLDecodeError, KeyError) as error:
            raise CommandError(
                _("The course was not loaded and nothing was written: %(error)s") % {"error": error}
            ) from error
        # Trainers write and reviewers approve from the first course on.
        ensure_role_groups(course_root=ensure_course_index())
        self.stdout.write(_("Course “%(title)s” is loaded.") % {"title": course.title})
