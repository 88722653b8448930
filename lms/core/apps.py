import gc
from typing import Any

from celery.signals import task_success
from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _

from lms.core import key_sets  # noqa: F401 (registers the lookup)
from lms.core.databases import limit_migration_locks, use_sqlite_limits
from lms.core.word_search import make_indexes


class CoreConfig(AppConfig):
    name = "lms.core"
    label = "core"
    verbose_name = _("Core")

    def __init__(self, *call: Any) -> None:
        # What a start imports stays. Looking for garbage among it, then, later and at the end, takes a
        # third of the processor time of a short process; forks share what nobody looks through.
        gc.disable()
        super().__init__(*call)

    def ready(self) -> None:
        gc.enable()
        gc.freeze()
        # Django's rows are freed without the collector; looking through a list of thousands for each
        # 700 new objects, as Python does unasked, takes a fifth of the time of an import.
        gc.set_threshold(50_000, 20, 50)
        from lms.core import checks  # noqa: F401, PLC0415 (registers them; needs the models)
        from lms.core.heartbeats import note_tick  # noqa: PLC0415

        task_success.connect(note_tick, dispatch_uid="core.note_tick")
        connection_created.connect(use_sqlite_limits, dispatch_uid="core.sqlite_limits")
        post_migrate.connect(make_indexes, dispatch_uid="core.make_indexes")
        pre_migrate.connect(limit_migration_locks, sender=self, dispatch_uid="core.migration_locks")
