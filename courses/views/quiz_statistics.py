"""What the answers of those who took a quiz tell about its questions."""

from typing import Any

from django.utils.translation import gettext_lazy

from courses.domain.item_statistics import ENOUGH, item_statistics
from lms.scoped_admin.pages import ScopedPage


class QuizStatisticsView(ScopedPage):
    """Each question with how many got it right, whom it tells apart, and what was chosen."""

    permission_required = "change"
    # Those who write a course of their own learn from the questions of others.
    scope_method = "visible_to"
    page_title = gettext_lazy("What the answers tell")
    header_icon = "lms-quiz"
    template_name = "courses/admin/quiz_statistics.html"
    row_name = "quiz"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        items = item_statistics(quiz=self.row, reader=self.request.user)
        return super().get_context_data(items=items, enough=ENOUGH, **kwargs)
