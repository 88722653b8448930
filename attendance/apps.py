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
        from attendance.office_reminders import (  # noqa: PLC0415
            ExcuseDecided,
            ExcusesWaiting,
            UnconfirmedRegister,
        )
        from attendance.opening_checks import SessionsFit  # noqa: PLC0415
        from attendance.panels import PANELS  # noqa: PLC0415
        from attendance.personal_data import PERSONAL_DATA  # noqa: PLC0415
        from attendance.reach_panels import REACH_PANELS  # noqa: PLC0415
        from attendance.receivers import copy_sessions, derive_by_new_rules, hold_signed_class  # noqa: PLC0415
        from attendance.reminders import SessionChanged, SessionTomorrow, UnsignedRegister  # noqa: PLC0415
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
        from courses.signals import requirements_set, run_cancelled, run_copied  # noqa: PLC0415
        from lms.accounts.extensions import personal_data  # noqa: PLC0415
        from lms.importing.extensions import import_kinds  # noqa: PLC0415
        from lms.notifications.extensions import reminder_kinds  # noqa: PLC0415

        agendas.register(Sessions())
        completion_criteria.register(AttendanceHours())
        page_panels.register(*PANELS, *REACH_PANELS)
        rosters.register(NotedInSessions())
        run_columns.register(RollState())
        transcript_facts.register(HoursAttended())
        opening_checks.register(SessionsFit())
        reminder_kinds.register(SessionTomorrow(), SessionChanged(), UnsignedRegister())
        reminder_kinds.register(ExcuseDecided(), ExcusesWaiting(), UnconfirmedRegister())
        import_kinds.register(ATTENDANCE)
        register_navigation()
        requirements_set.connect(derive_by_new_rules, dispatch_uid="attendance.derive_by_new_rules")
        run_cancelled.connect(hold_signed_class, dispatch_uid="attendance.hold_signed_class")
        run_copied.connect(copy_sessions, dispatch_uid="attendance.copy_sessions")
        personal_data.register(*PERSONAL_DATA)
