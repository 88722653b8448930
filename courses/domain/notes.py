"""Notes of one's own on a lesson."""

from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from courses.models import LessonNote, LessonPage
from lms.accounts.models import User
from lms.core.display import vi_number
from lms.core.refusal import Refusal

LONGEST_NOTE: Final = 4000


def save_note(*, user: User, lesson: LessonPage, text: str, at: datetime) -> LessonNote | None:
    """Keep what the person notes on the lesson, in the place of what was there; an empty text takes
    the note away. Who may read the lesson is the caller's question.

    Raises Refusal `note_too_long`.
    """
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST_NOTE:
        sentence = _(
            "Nothing has been saved: the note has %(length)s characters, at most %(most)s fit."
        )
        lengths = {"length": vi_number(len(text)), "most": vi_number(LONGEST_NOTE)}
        raise Refusal("note_too_long", sentence % lengths, field="text")
    if not text:
        LessonNote.objects.filter(user=user, lesson=lesson).delete()
        return None
    note, _is_new = LessonNote.objects.update_or_create(
        user=user, lesson=lesson, defaults={"text": text, "updated_at": at}
    )
    return note
