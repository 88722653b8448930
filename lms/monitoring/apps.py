from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created


class MonitoringConfig(AppConfig):
    name = "lms.monitoring"
    label = "monitoring"

    def ready(self) -> None:
        if settings.SUITE_METRICS_DIR:
            from lms.monitoring.request_metrics import watch_connection  # noqa: PLC0415

            connection_created.connect(watch_connection, dispatch_uid="monitoring.database")
        if settings.SENTRY_DSN:
            # The library is there where somebody asks for it.
            from lms.core.version import suite_version  # noqa: PLC0415
            from lms.monitoring.error_reports import start_reports  # noqa: PLC0415

            start_reports(dsn=settings.SENTRY_DSN, release=suite_version())
