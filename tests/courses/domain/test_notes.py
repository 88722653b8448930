import pytest

from courses.domain.notes import LONGEST_NOTE, save_note
from courses.models import LessonNote
from lms.accounts.merging.domain.merge import merge
from lms.accounts.merging.domain.unmerge import unmerge
from lms.accounts.models import User
from lms.accounts.personal_data.domain.anonymise import anonymise
from tests.factories.accounts import UserFactory
from tests.factories.courses import EVENING
from tests.refusing import raises_refusal


def save(user, lesson, text):
    return save_note(user=user, lesson=lesson, text=text, at=EVENING)


def texts(user):
    return list(LessonNote.objects.filter(user=user).values_list("text", flat=True))


def test_note_is_kept_once_and_an_empty_one_goes(enrolment, lessons):
    save(enrolment.user, lessons[0], "Gọi 111\r\nhỏi chị Lan ")
    assert texts(enrolment.user) == ["Gọi 111\nhỏi chị Lan"]

    save(enrolment.user, lessons[0], "Gọi 111")
    assert texts(enrolment.user) == ["Gọi 111"]

    assert save(enrolment.user, lessons[0], " \n ") is None
    assert texts(enrolment.user) == []


def test_note_that_is_too_long_is_refused_and_the_old_one_stays(enrolment, lessons):
    save(enrolment.user, lessons[0], "ă" * LONGEST_NOTE)

    with raises_refusal("note_too_long"):
        save(enrolment.user, lessons[0], "ă" * (LONGEST_NOTE + 1))

    assert texts(enrolment.user) == ["ă" * LONGEST_NOTE]


@pytest.mark.parametrize(
    ("theirs", "joined"), [("Số 111", "Gọi\n\nSố 111"), ("Gọi", "Gọi"), (None, "Gọi")]
)
def test_merge_joins_the_notes_and_its_undo_parts_them(
    administrator, enrolment, lessons, theirs, joined
):
    kept, closed = enrolment.user, UserFactory(full_name="Hoàng Thị Hương")
    save(kept, lessons[0], "Gọi")
    save(closed, lessons[1], "Bài hai")
    if theirs:
        save(closed, lessons[0], theirs)

    done = merge(keep=kept, close=closed, by=administrator, at=EVENING)
    assert sorted(texts(kept)) == sorted([joined, "Bài hai"])
    assert texts(closed) == []

    unmerge(merge=done, by=administrator, at=EVENING)
    assert texts(kept) == ["Gọi"]
    assert len(texts(closed)) == 1 + bool(theirs)


def test_notes_go_when_the_person_is_made_anonymous(enrolment, lessons):
    other = UserFactory()
    save(enrolment.user, lessons[0], "Gọi 111")
    save(other, lessons[0], "Khác")

    anonymise(people=User.objects.filter(pk=enrolment.user_id), at=EVENING)

    assert (texts(enrolment.user), texts(other)) == ([], ["Khác"])
