import pytest
from django import forms
from django.contrib.messages import ERROR, WARNING, get_messages
from django.contrib.messages.storage.fallback import FallbackStorage

from lms.core.refusal import CatchRefusal, Refusal
from lms.core.show_refusal import RefusalAsMessage, RefusalOnForm


class DayForm(forms.Form):
    day = forms.CharField()
    reason = forms.CharField()


@pytest.fixture
def form():
    return DayForm({"day": "1", "reason": "x"})


def refuse(code="too_early", field=None):
    raise Refusal(code, "100 % sớm quá.", field=field)


def told(form):
    return {
        name: [(e.code, e.message) for e in found] for name, found in form.errors.as_data().items()
    }


@pytest.mark.parametrize(
    ("named", "shown"), [(None, "__all__"), ("day", "day"), ("no_field_of_this_form", "__all__")]
)
def test_refusal_stands_beside_the_field_that_the_rule_names(form, named, shown):
    with RefusalOnForm(form):
        refuse(field=named)

    assert told(form) == {shown: [("too_early", "100 % sớm quá.")]}


@pytest.mark.parametrize(("code", "shown"), [("too_early", "day"), ("other", "reason")])
def test_form_may_name_its_own_fields(form, code, shown):
    with RefusalOnForm(form, "reason", fields={"too_early": "day"}):
        refuse(code)

    assert list(form.errors) == [shown]


def test_form_without_a_refusal_stays_valid(form):
    with RefusalOnForm(form) as asked:
        pass

    assert form.is_valid()
    assert (asked.refusal, asked.message) == (None, "")


@pytest.mark.parametrize("level", [ERROR, WARNING])
def test_refusal_is_told_as_a_message(rf, level):
    request = rf.post("/")
    request.session = {}
    request._messages = FallbackStorage(request)

    with RefusalAsMessage(request, level):
        refuse()

    assert [(one.level, one.message) for one in get_messages(request)] == [
        (level, "100 % sớm quá.")
    ]


def test_caller_may_read_what_was_refused():
    with CatchRefusal() as asked:
        refuse(field="day")

    assert (asked.refusal.code, asked.refusal.field) == ("too_early", "day")
    assert asked.message == str(asked.refusal) == "100 % sớm quá."


def test_error_of_ours_is_no_refusal(form):
    with pytest.raises(ZeroDivisionError), RefusalOnForm(form):
        1 / 0  # noqa: B018
