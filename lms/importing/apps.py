from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportingConfig(AppConfig):
    name = "lms.importing"
    label = "importing"
    verbose_name = _("Imports")

    def ready(self) -> None:
        from lms.accounts.extensions import (  # noqa: PLC0415
            copy_rules,
            people_references,
            personal_records,
            retention_rules,
        )
        from lms.importing.copies import copies_in_imports  # noqa: PLC0415
        from lms.importing.extensions import import_kinds  # noqa: PLC0415
        from lms.importing.references import people_in_imports, records_in_imports  # noqa: PLC0415
        from lms.importing.resources import BOUNDARIES, PEOPLE, POSTINGS  # noqa: PLC0415
        from lms.importing.retention import retention_in_imports  # noqa: PLC0415

        import_kinds.register(PEOPLE)
        import_kinds.register(POSTINGS)
        import_kinds.register(BOUNDARIES)
        for reference in people_in_imports():
            people_references.register(reference)
        for records in records_in_imports():
            personal_records.register(records)
        for rule in retention_in_imports():
            retention_rules.register(rule)
        for copied in copies_in_imports():
            copy_rules.register(copied)
