from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportingConfig(AppConfig):
    name = "lms.importing"
    label = "importing"
    verbose_name = _("Imports")

    def ready(self) -> None:
        from lms.accounts.extensions import personal_data  # noqa: PLC0415
        from lms.core.gauges import gauges  # noqa: PLC0415
        from lms.importing.extensions import import_kinds  # noqa: PLC0415
        from lms.importing.gauges import GAUGES  # noqa: PLC0415
        from lms.importing.personal_data import PERSONAL_DATA  # noqa: PLC0415
        from lms.importing.resources import BOUNDARIES, PEOPLE, POSTINGS  # noqa: PLC0415

        import_kinds.register(PEOPLE)
        import_kinds.register(POSTINGS)
        import_kinds.register(BOUNDARIES)
        gauges.register(*GAUGES)
        personal_data.register(*PERSONAL_DATA)
