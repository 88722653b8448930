from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from lms.core.databases import limit_migration_locks, use_sqlite_limits
from lms.core.word_search import make_indexes


class CoreConfig(AppConfig):
    name = "lms.core"
    label = "core"
    verbose_name = _("Core")

    def ready(self) -> None:
        from lms.core import checks  # noqa: F401, PLC0415 (registers them; needs the models)

        connection_created.connect(use_sqlite_limits, dispatch_uid="core.sqlite_limits")
        post_migrate.connect(make_indexes, dispatch_uid="core.make_indexes")
        pre_migrate.connect(limit_migration_locks, sender=self, dispatch_uid="core.migration_locks")
