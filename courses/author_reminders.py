"""What those who write questions hear each week: how many to look at again, and where."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.domain.reviewing import ReviewCount, count_to_review
from courses.models.page_rights import AUTHORS
from lms.accounts.models.people import know_scopes
from lms.core.addresses import absolute_url
from lms.core.display import vi_number
from lms.notifications.extensions import EachMonday, Message, placeholder_labels
from lms.notifications.models import Reminder


class QuestionsToLookAt(EachMonday):
    """Tell authors how many questions most people get wrong or lack something, as their front page
    says. Nothing where none does: a question that no quiz asks can wait.
    """

    key = "courses.questions_to_look_at"
    label = gettext_lazy("Each week: questions to look at again")
    is_mandatory = False
    roles = AUTHORS
    placeholders = placeholder_labels("count", "url")

    def messages(self, *, reminders: Sequence[Reminder], now: datetime) -> Mapping[int, Message]:
        """Return what to tell whoever still writes questions, by the answers that each may see; of
        queries, those of the scopes and of `count_to_review`.
        """
        know_scopes([row.user for row in reminders])
        authors = [row for row in reminders if row.user.scope.has_role(*AUTHORS)]
        counts = count_to_review(readers=[row.user for row in authors])
        found: dict[int, Message] = {}
        for row in authors:
            count = counts[row.user_id]
            if count.poor or count.unfinished:
                found[row.pk] = _message(count)
        return found


def _message(count: ReviewCount) -> Message:
    values = {
        "count": vi_number(count.poor + count.unfinished),
        "poor": vi_number(count.poor),
        "unfinished": vi_number(count.unfinished),
        "url": absolute_url(reverse("questions:index")),
    }
    paragraphs = (
        _("Questions that most people answered wrong: %(poor)s. Are they clear, is the key right?"),
        _("Questions that lack something: %(unfinished)s."),
        _("The question bank: %(url)s"),
    )
    return Message(
        subject=_("Questions to look at again: %(count)s") % values,
        body="\n\n".join(paragraph % values for paragraph in paragraphs),
        values=values,
    )


AUTHOR_REMINDERS: Final = (QuestionsToLookAt(),)
