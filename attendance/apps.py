from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AttendanceConfig(AppConfig):
    name = "attendance"
    verbose_name = _("Attendance")

    def ready(self) -> None:
        from attendance.agenda import Sessions  # noqa: PLC0415
        from attendance.columns import NotedInSessions, RollState  # noqa: PLC0415
        from attendance.criteria import AttendanceHours  # noqa: PLC0415
        from attendance.menu import register_navigation  # noqa: PLC0415
        from attendance.opening_checks import SessionsFit  # noqa: PLC0415
        from attendance.panels import PANELS  # noqa: PLC0415
        from attendance.personal_data import PERSONAL_DATA  # noqa: PLC0415
        from attendance.quality_checks import CHECKS  # noqa: PLC0415
        from attendance.reach_panels import REACH_PANELS  # noqa: PLC0415
        from attendance.receivers import connect_receivers  # noqa: PLC0415
        from attendance.resources.marks import ATTENDANCE  # noqa: PLC0415
        from attendance.transcript import HoursAttended  # noqa: PLC0415
        from courses.extensions import (  # noqa: PLC0415
            agendas,
            completion_criteria,
            opening_checks,
            page_panels,
            rosters,
            run_columns,
            transcript_facts,
        )
        from lms.accounts.extensions import personal_data  # noqa: PLC0415
        from lms.core.quality import quality_checks  # noqa: PLC0415
        from lms.importing.extensions import import_kinds  # noqa: PLC0415

        agendas.register(Sessions())
        completion_criteria.register(AttendanceHours())
        page_panels.register(*PANELS, *REACH_PANELS)
        rosters.register(NotedInSessions())
        run_columns.register(RollState())
        _register_figures()
        transcript_facts.register(HoursAttended())
        opening_checks.register(SessionsFit())
        quality_checks.register(*CHECKS)
        _register_reminders()
        import_kinds.register(ATTENDANCE)
        register_navigation()
        connect_receivers()
        personal_data.register(*PERSONAL_DATA)


def _register_reminders() -> None:
    from attendance.class_moved_reminder import ClassMoved  # noqa: PLC0415
    from attendance.make_up_cancelled_reminder import MakeUpCancelled  # noqa: PLC0415
    from attendance.make_up_offered_reminder import MakeUpOffered  # noqa: PLC0415
    from attendance.make_up_taken_back_reminder import MakeUpTakenBack  # noqa: PLC0415
    from attendance.office_reminders import OFFICE_REMINDERS  # noqa: PLC0415
    from attendance.reminders import (  # noqa: PLC0415
        SessionChanged,
        SessionOfCancelledClass,
        SessionTomorrow,
    )
    from attendance.roll_reminders import ROLL_REMINDERS  # noqa: PLC0415
    from attendance.shortfall_reminder import HoursOutOfReach  # noqa: PLC0415
    from lms.notifications.extensions import reminder_kinds  # noqa: PLC0415

    reminder_kinds.register(SessionTomorrow(), SessionChanged(), SessionOfCancelledClass())
    reminder_kinds.register(HoursOutOfReach(), ClassMoved(), MakeUpCancelled(), *OFFICE_REMINDERS)
    reminder_kinds.register(MakeUpOffered(), MakeUpTakenBack(), *ROLL_REMINDERS)


def _register_figures() -> None:
    from attendance.training_figures import TRAINING_FIGURES  # noqa: PLC0415
    from lms.reporting.extensions import training_figures  # noqa: PLC0415

    training_figures.register(*TRAINING_FIGURES)
