"""The words of a rule."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lms.core.models import suite_name
from lms.core.refusal import Refusal
from lms.notifications.domain.letters import write_letter
from lms.notifications.domain.texts import check_texts, placeholders_of, short_text, write_text
from lms.notifications.extensions import Message, placeholder_labels, reminder_kinds
from lms.notifications.models import Reminder, ReminderRule
from tests.factories.accounts import UserFactory
from tests.lms.notifications.conftest import NoteKind

pytestmark = pytest.mark.django_db


class Placed(NoteKind):
    placeholders = placeholder_labels("run", "url")


def code_of(**texts):
    with pytest.raises(Refusal) as refusal:
        check_texts(rule=ReminderRule(**texts), kind=Placed())
    return refusal.value.code, refusal.value.field


@pytest.mark.parametrize("text", ["{ten}", "Chào {run} {url} {bia}"])
def test_unknown_placeholder_is_refused_beside_its_field(text):
    assert code_of(body_vi=text) == ("unknown_placeholder", "body_vi")


@pytest.mark.parametrize(
    "text", ["{", "}", "{run", "{Run}", "{run.pk}", "{run!r}", "{{run}}", "{}"]
)
def test_stray_brace_is_refused(text):
    assert code_of(short_en=text) == ("stray_brace", "short_en")


def test_text_of_known_placeholders_is_accepted():
    rule = ReminderRule(subject_vi="{run}", body_vi="Chào {name}: {url}", short_vi="{suite}")
    check_texts(rule=rule, kind=Placed())
    assert set(placeholders_of(Placed())) == {"name", "suite", "run", "url"}


def written(language="vi", **texts):
    message = Message("Nhắc", "Mời xem.", values={"run": "Lớp {name}", "url": None})
    reminder = Reminder(user=UserFactory.build(full_name="Nguyễn Thị An"))
    with translation.override(language):
        return write_text(rule=ReminderRule(**texts), reminder=reminder, message=message)


def test_words_of_the_rule_take_the_place_of_those_of_the_kind():
    said = written(subject_vi="{run} của {name}{url}", short_vi="{suite}: {run}")

    assert said.subject == "Lớp {name} của Nguyễn Thị An"
    assert said.body == "Mời xem."
    assert short_text(said).text.endswith("Lop {name}")


def test_each_language_has_its_own_words():
    texts = {"subject_vi": "Chào", "body_en": "Hello"}

    assert (written(**texts).subject, written(**texts).body) == ("Chào", "Mời xem.")
    assert (written("en", **texts).subject, written("en", **texts).body) == ("Nhắc", "Hello")


def test_letter_carries_the_short_form_of_the_rule_and_no_text_where_that_is_all():
    person, rule = UserFactory.build(full_name="An"), ReminderRule(kind="tests.note")
    reminder = Reminder(pk=1, unique_key="tests.note:1", user=person, rule=rule)

    def letter(short, **how):
        message = Message("Nhắc", "Mời xem.", short=short)
        return write_letter(reminders=[reminder], message=message, to="x", **how)

    assert [letter(short).short for short in ("Ngắn", "")] == ["Ngắn", f"{suite_name()}: Nhắc"]
    said = letter("Ngắn", is_short=True)
    assert (said.subject, said.short, said.text, said.html) == ("Nhắc", "Ngắn", "", "")


@given(st.text())
def test_what_passes_the_check_can_be_filled_in(text):
    rule = ReminderRule(body_vi=text)
    try:
        check_texts(rule=rule, kind=Placed())
    except Refusal:
        return
    said = write_text(
        rule=rule, reminder=Reminder(user=UserFactory.build()), message=Message("a", "b")
    )
    assert not set("{}") & set(said.body)


def test_every_kind_gives_what_its_texts_may_name():
    assert all(set(placeholders_of(kind)) >= {"name", "suite"} for kind in reminder_kinds)
