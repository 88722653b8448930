from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("Courses and classes")

    def ready(self) -> None:
        from courses.criteria import LessonsRead, QuizzesPassed  # noqa: PLC0415
        from courses.extensions import completion_criteria  # noqa: PLC0415

        completion_criteria.register(LessonsRead())
        completion_criteria.register(QuizzesPassed())
