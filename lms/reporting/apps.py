from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "lms.reporting"
    label = "reporting"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from django.db.models.signals import post_migrate, pre_migrate  # noqa: PLC0415

        from courses.extensions import page_panels  # noqa: PLC0415
        from lms.accounts.extensions import personal_data  # noqa: PLC0415
        from lms.announcements.extensions import audiences  # noqa: PLC0415
        from lms.core.pages_read_first import first_pages  # noqa: PLC0415
        from lms.core.quality import quality_checks  # noqa: PLC0415
        from lms.importing.extensions import import_kinds  # noqa: PLC0415
        from lms.notifications.extensions import reminder_kinds  # noqa: PLC0415
        from lms.reporting.extensions import training_figures  # noqa: PLC0415
        from lms.reporting.first_pages import PAGES  # noqa: PLC0415
        from lms.reporting.menu import register_navigation  # noqa: PLC0415
        from lms.reporting.office_reminders import WeekInArea  # noqa: PLC0415
        from lms.reporting.personal_data import PERSONAL_DATA  # noqa: PLC0415
        from lms.reporting.quality_checks import CHECKS  # noqa: PLC0415
        from lms.reporting.reminders import PeriodOver  # noqa: PLC0415
        from lms.reporting.resources.requirements import REQUIREMENTS  # noqa: PLC0415
        from lms.reporting.resources.targets import TARGETS  # noqa: PLC0415
        from lms.reporting.training_figures import FIGURES  # noqa: PLC0415
        from lms.reporting.triggers import drop_triggers, install_triggers  # noqa: PLC0415
        from lms.reporting.views.programme_effect import EffectOnFigures  # noqa: PLC0415
        from lms.reporting.views.reminding import NamesAudience, PersonAudience  # noqa: PLC0415

        audiences.register(NamesAudience(), PersonAudience())
        pre_migrate.connect(drop_triggers, sender=self, dispatch_uid="reporting.drop_triggers")
        post_migrate.connect(install_triggers, sender=self, dispatch_uid="reporting.triggers")
        page_panels.register(EffectOnFigures())
        training_figures.register(*FIGURES)
        import_kinds.register(REQUIREMENTS)
        import_kinds.register(TARGETS)
        personal_data.register(*PERSONAL_DATA)
        reminder_kinds.register(PeriodOver(), WeekInArea())
        quality_checks.register(*CHECKS)
        first_pages.register(PAGES)
        register_navigation()
