"""Notes of one's own on lessons."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from courses.domain.notes import LONGEST_NOTE, save_note
from courses.enums import EnrolmentStatus
from courses.models import LessonNote
from tests.courses.views.conftest import address_of
from tests.factories.accounts import UserFactory
from tests.factories.courses import EVENING
from tests.factories.rows import set_fields
from tests.reading import html_of, levels_of, templates_of

NOTES = "/ghi-chu/"


def write(client, lesson, text):
    return client.post(reverse("courses:note", args=[lesson.pk]), {"text": text})


def test_note_is_saved_and_stands_below_its_lesson(as_trainee, lessons):
    assert "lms/components/empty.html" in templates_of(as_trainee.get(NOTES))
    # A sign that no database takes is left out.
    response = write(as_trainee, lessons[0], "Gọi\0 <b>111</b>")

    assert response["Location"] == f"{address_of(lessons[0])}#ghi-chu"
    shown = as_trainee.get(address_of(lessons[0]))
    assert levels_of(shown) == ["success"]
    body = html_of(shown)
    assert "Gọi &lt;b&gt;111&lt;/b&gt;</textarea>" in body
    assert LessonNote.objects.get().text == "Gọi <b>111</b>"
    assert "&lt;b&gt;111" not in html_of(as_trainee.get(address_of(lessons[1])))


def test_note_saved_on_another_phone_is_not_lost(as_trainee, lessons):
    address = reverse("courses:note", args=[lessons[0].pk])
    seen = as_trainee.get(address).context["form"]["seen"].value()
    write(as_trainee, lessons[0], "Ghi ở điện thoại")

    asked = as_trainee.post(address, {"text": "Ghi ở máy tính", "seen": seen})

    form = asked.context["form"]
    assert [error.code for error in form.errors.as_data()["text"]] == ["note_changed"]
    assert LessonNote.objects.get().text == "Ghi ở điện thoại"
    both = {name: form[name].value() for name in ("text", "seen")}
    assert as_trainee.post(address, both).status_code == 302
    assert LessonNote.objects.get().text == "Ghi ở máy tính\n\nGhi ở điện thoại"


def test_note_that_is_too_long_stays_in_the_form(as_trainee, lessons):
    text = "đ" * (LONGEST_NOTE + 1)

    response = write(as_trainee, lessons[0], text)

    assert response.status_code == 200
    assert [error.code for error in response.context["form"].errors.as_data()["text"]] == [
        "note_too_long"
    ]
    assert text in html_of(response)
    assert not LessonNote.objects.exists()


def test_nobody_else_sees_a_note(as_trainee, as_stranger, as_trainer, as_monitor, lessons):
    write(as_trainee, lessons[0], "Chuyện nhà chị Lan")

    for client in (as_stranger, as_trainer, as_monitor):
        assert "Lan" not in html_of(client.get(NOTES))
        assert "Lan" not in html_of(client.get(address_of(lessons[0])))
    for client in (as_trainer, as_monitor):
        form = client.get(reverse("courses:note", args=[lessons[0].pk]))
        assert "Lan" not in html_of(form)


def test_who_may_not_read_the_lesson_writes_no_note(as_stranger, as_trainee, enrolment, lessons):
    assert write(as_stranger, lessons[0], "x").status_code == 404
    set_fields(enrolment, status=EnrolmentStatus.WITHDRAWN)
    assert write(as_trainee, lessons[0], "x").status_code == 404
    assert not LessonNote.objects.exists()


def test_log_in_that_ran_out_leads_back_to_the_form(as_trainee, lessons):
    address = reverse("courses:note", args=[lessons[0].pk])
    write(as_trainee, lessons[0], "Gọi 111")

    assert write(Client(), lessons[0], "mới")["Location"] == f"/tai-khoan/login/?next={address}"
    assert "Gọi 111</textarea>" in html_of(as_trainee.get(address))


def test_each_form_of_a_note_carries_its_token(as_trainee, enrolment, lessons):
    client = Client(enforce_csrf_checks=True)
    client.force_login(enrolment.user)

    for address in (address_of(lessons[0]), reverse("courses:note", args=[lessons[0].pk])):
        shown = html_of(client.get(address)).split('name="text"')[0]
        token = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', shown)[-1]
        data = {"text": "Gọi 111", "csrfmiddlewaretoken": token}
        form = shown.split("<form")[-1]
        assert "csrfmiddlewaretoken" in form
        assert client.post(re.search(r'action="([^"]+)"', form)[1], data).status_code == 302


@pytest.mark.parametrize("count", [1, 2])
def test_notes_are_listed_at_the_same_cost(
    as_trainee, enrolment, lessons, django_assert_num_queries, count
):
    for lesson in lessons[:count]:
        save_note(user=enrolment.user, lesson=lesson, text=f"Về {lesson.title}", at=EVENING)
    save_note(user=UserFactory(), lesson=lessons[0], text="Khác", at=EVENING)

    with django_assert_num_queries(4):
        body = html_of(as_trainee.get(NOTES))

    assert body.count("Về Bài") == count
    assert f'href="{address_of(lessons[0])}#ghi-chu"' in body
    assert "Khác" not in body
