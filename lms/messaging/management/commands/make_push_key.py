"""`manage.py make_push_key`: a key for messages on devices."""

from typing import Any

from django.core.management.base import BaseCommand

from lms.messaging.push import new_key


class Command(BaseCommand):
    help = "Print a private key for SUITE_PUSH_KEY. Another key ends what people have switched on."

    def handle(self, **options: Any) -> None:
        self.stdout.write(new_key())
