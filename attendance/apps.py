from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AttendanceConfig(AppConfig):
    name = "attendance"
    verbose_name = _("Attendance")

    def ready(self) -> None:
        from attendance.criteria import AttendanceHours  # noqa: PLC0415
        from courses.extensions import completion_criteria  # noqa: PLC0415

        completion_criteria.register(AttendanceHours())
