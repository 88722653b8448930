"""When answers were judged again, as the log of the questions keeps it: the recorded decision."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from wagtail.models import ModelLogEntry

from courses.models import Question

#: In the log of a question.
REJUDGED: Final = "courses.rejudge"


def judged_again_at(*, questions: Collection[int], since: datetime) -> dict[int, datetime]:
    """Return when answers to these questions were last judged again after this moment, by question;
    one query.

    Not told by the version of an answer: one may be older than the attempt, when a key becomes what
    it was, and one may be younger without anybody having judged again.
    """
    entries = ModelLogEntry.objects.filter(
        content_type=Question.get_content_type(),
        object_id__in=[str(pk) for pk in questions],
        action=REJUDGED,
        timestamp__gt=since,
    )
    rows = entries.order_by("timestamp").values_list("object_id", "timestamp")
    return {int(pk): timestamp for pk, timestamp in rows}
