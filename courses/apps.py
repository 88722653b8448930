from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = _("Courses and classes")

    def ready(self) -> None:
        from courses.audience import AUDIENCE_PARTS  # noqa: PLC0415
        from courses.author_reminders import AUTHOR_REMINDERS  # noqa: PLC0415
        from courses.criteria import LessonsRead, QuizzesPassed  # noqa: PLC0415
        from courses.domain.contacts import ClassContacts  # noqa: PLC0415
        from courses.extensions import completion_criteria, opening_checks  # noqa: PLC0415
        from courses.learning_reminders import LEARNING_REMINDERS  # noqa: PLC0415
        from courses.menu import register_navigation  # noqa: PLC0415
        from courses.opening_checks import ClassIsStaffed, CourseIsComplete  # noqa: PLC0415
        from courses.people_groups import ClassPeople  # noqa: PLC0415
        from courses.personal_data import PERSONAL_DATA  # noqa: PLC0415
        from courses.receivers import listen  # noqa: PLC0415
        from courses.reminders import COURSE_REMINDERS  # noqa: PLC0415
        from courses.resources.enrolments import ENROLMENTS  # noqa: PLC0415
        from courses.resources.programmes import PROGRAMMES  # noqa: PLC0415
        from courses.resources.questions import QUESTIONS  # noqa: PLC0415
        from courses.views.announcing import ClassAudience  # noqa: PLC0415
        from courses.views.pages import register_page_views  # noqa: PLC0415
        from courses.views.usage import register_usage_notes  # noqa: PLC0415
        from lms.accounts.extensions import people_groups, personal_data  # noqa: PLC0415
        from lms.announcements.extensions import audiences  # noqa: PLC0415
        from lms.importing.extensions import import_kinds  # noqa: PLC0415
        from lms.notifications import extensions as reminding  # noqa: PLC0415

        listen()
        completion_criteria.register(LessonsRead(), QuizzesPassed())
        opening_checks.register(CourseIsComplete(), ClassIsStaffed())
        audiences.register(ClassAudience())
        reminding.reminder_kinds.register(*COURSE_REMINDERS, *LEARNING_REMINDERS, *AUTHOR_REMINDERS)
        reminding.audience_parts.register(*AUDIENCE_PARTS)
        import_kinds.register(PROGRAMMES, ENROLMENTS, QUESTIONS)
        people_groups.register(ClassPeople())
        reminding.contact_sources.register(ClassContacts())
        register_navigation()
        register_page_views()
        register_usage_notes()
        personal_data.register(*PERSONAL_DATA)
