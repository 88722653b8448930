"""`manage.py purge_personal_data [--confirm]`: what has been kept long enough."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.extensions import retention_rules
from lms.accounts.personal_data.domain.retention import RuleState, purge_personal_data, rehearse


class Command(BaseCommand):
    help = "Say which personal data has been kept long enough; with --confirm, purge it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--confirm", action="store_true", help="Purge, instead of telling.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if not options["confirm"]:
            for state in rehearse(at=now):
                self._tell(state)
            self.stdout.write(_("Nothing was written. Use --confirm to do it."))
            return
        run = purge_personal_data(at=now)
        for rule in retention_rules():
            if run.counts.get(rule.key):
                self.stdout.write(f"{rule.key}: {run.counts[rule.key]} – {rule.label}")
        self.stdout.write(_("Rows purged: %(total)s.") % {"total": str(run.total)})

    def _tell(self, state: RuleState) -> None:
        rule = state.rule
        values = {"label": rule.label, "due": str(state.due), "days": str(state.days)}
        if state.days is None:
            self.stdout.write(f"{rule.key}: " + _("%(label)s: %(due)s, kept permanently.") % values)
        else:
            values |= {"action": rule.action.label, "counted_from": rule.counted_from}
            sentence = _(
                "%(label)s: %(due)s due (%(action)s; %(days)s days from %(counted_from)s)."
            )
            self.stdout.write(f"{rule.key}: {sentence % values}")
        for count, why in state.exempted:
            self.stdout.write(
                "  " + _("kept: %(count)s, they %(why)s") % {"count": str(count), "why": why}
            )
        if state.days is None:
            self.stdout.write(f"  {rule.reason}")
