"""`manage.py use_edition CODE`: the register goes over to a boundary edition."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.boundary_changes.domain.apply_edition import rehearse_edition, take_effect
from lms.core.refusal import Refusal
from lms.geography.models import BoundaryEdition


class Command(BaseCommand):
    help = "Posts and roles go on in what their units became; safe to run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="of an edition that is loaded, such as 2020-01-01")
        parser.add_argument(
            "--on",
            type=date.fromisoformat,
            help="the first day (YYYY-MM-DD) on the new map; default: the day it is valid from",
        )
        parser.add_argument(
            "--rehearse", action="store_true", help="only say what would follow and what would wait"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        edition = BoundaryEdition.objects.filter(code=options["code"]).first()
        if edition is None:
            raise CommandError(_("This edition is not loaded: load_boundaries does that."))
        if options["rehearse"]:
            result = rehearse_edition(edition=edition)
        else:
            try:
                result = take_effect(edition=edition, today=timezone.localdate(), on=options["on"])
            except Refusal as refusal:
                raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            _(
                "%(posts)s posts are carried over, %(waiting)s wait for a decision; %(roles)s "
                "roles are carried over, %(waiting_roles)s wait."
            )
            % {
                "posts": result.posts,
                "waiting": result.posts_waiting,
                "roles": result.roles,
                "waiting_roles": len(result.waiting_roles),
            }
        )
        for one in result.waiting:
            self.stdout.write(f"  {one.unit} ({one.unit.edition.code}): {one.posts}")
