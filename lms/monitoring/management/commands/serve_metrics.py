"""Gives Prometheus the figures of the suite: /metrics/suite and /metrics/requests."""

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from lms.monitoring.serving import PAGES, make_metrics_server


class Command(BaseCommand):
    help = "Serve the figures for Prometheus on an address that only the inside reaches."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=9100)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        with make_metrics_server(host, port) as server:
            self.stdout.write(f"Serving {', '.join(PAGES)} on {host}:{server.server_port}")
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                self.stdout.write("Stopped.")
