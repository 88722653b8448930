from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _

from lms.core.databases import use_sqlite_limits


class CoreConfig(AppConfig):
    name = "lms.core"
    label = "core"
    verbose_name = _("Core")

    def ready(self) -> None:
        from lms.core import checks  # noqa: F401, PLC0415 (registers them; needs the models)

        connection_created.connect(use_sqlite_limits, dispatch_uid="core.sqlite_limits")
