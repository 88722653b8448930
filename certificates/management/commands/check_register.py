"""manage.py check_register"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from certificates.domain.auditing import audit_register
from certificates.models import Certificate


class Command(BaseCommand):
    help = (
        "Check that the numbers of every register book are gap-free and that no file of a"
        " certificate is missing or changed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        faults = 0
        for finding in audit_register():
            faults += 1
            self.stderr.write(f"{finding.serial}: {finding.fault}")
        certificates = Certificate.objects.count()
        if faults:
            raise CommandError(f"{faults} faults in {certificates} certificates.")
        waiting = Certificate.objects.live().filter(file="").count()
        self.stdout.write(f"{certificates} certificates, no fault; {waiting} wait for their file.")
