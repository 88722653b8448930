"""One message over one way at once, for what cannot wait for a tick."""

from collections.abc import Sequence

from django.utils import timezone

from lms.messaging.domain.health import (
    left_today,
    may_be_tried,
    note_accepted,
    note_answered,
    note_failure,
)
from lms.messaging.enums import Outcome
from lms.messaging.extensions import Answer, Channel, Letter


def send_now(*, channel: Channel, letter: Letter) -> Answer:
    """Hand the letter over and note how the way does; NOT_NOW while the way is left alone, or has
    sent all that it may today.
    """
    if left_today(channel=channel, now=timezone.now(), for_codes=True) == 0:
        return Answer(Outcome.NOT_NOW, "limit of the day")
    if not may_be_tried(way=channel.key, now=timezone.now()):
        return Answer(Outcome.NOT_NOW, "paused", line_stands=False)
    line = channel.line()
    try:
        answer = line.open() or line.send(letter)
    finally:
        line.close()
    note_answers(way=channel.key, answers=[answer])
    return answer


def note_answers(*, way: str, answers: Sequence[Answer]) -> None:
    """Note what answers, in their order, say about the way itself."""
    now = timezone.now()
    accepted = sum(answer.outcome == Outcome.ACCEPTED for answer in answers)
    if accepted:
        note_accepted(way=way, count=accepted, now=now)
    elif any(answer.line_stands for answer in answers):
        note_answered(way=way)
    # A line that broke was the last thing that happened.
    if answers and not answers[-1].line_stands:
        note_failure(way=way, detail=answers[-1].detail, now=now)
