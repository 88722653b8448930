from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SurveysConfig(AppConfig):
    name = "lms.surveys"
    label = "surveys"
    verbose_name = _("Surveys")

    def ready(self) -> None:
        from courses.extensions import page_panels  # noqa: PLC0415
        from lms.accounts.extensions import personal_data  # noqa: PLC0415
        from lms.notifications.extensions import reminder_kinds  # noqa: PLC0415
        from lms.surveys.panels import AskMyOpinion, AskOpinion, ShowOpinions  # noqa: PLC0415
        from lms.surveys.personal_data import PERSONAL_DATA  # noqa: PLC0415
        from lms.surveys.reminders import SurveyOpen  # noqa: PLC0415

        page_panels.register(AskMyOpinion(), AskOpinion(), ShowOpinions())
        reminder_kinds.register(SurveyOpen())
        personal_data.register(*PERSONAL_DATA)
