"""A form of which two windows of one person show a preview for the first time, at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.utils import timezone
from wagtail.admin.models import FormState

from courses.models import ModulePage
from tests.at_once import ON_REAL_CONNECTIONS, alone, waits_for_us
from tests.factories.accounts import UserFactory
from tests.factories.courses import make_course

pytestmark = ON_REAL_CONNECTIONS


@pytest.fixture
def preview():
    page, author = ModulePage.objects.child_of(make_course()).get(), UserFactory()

    def write(data):
        told = {"data": data, "last_updated_at": timezone.now()}
        state, _is_new = FormState.objects.update_or_create_by_instance(
            page, user=author, defaults=told
        )
        return state.pk

    return write


def test_two_first_previews_of_a_form_leave_one(preview, monkeypatch):
    save, others = FormState.save, []

    def save_beside_others(state, *args, **kwargs):
        if not others:
            others.append(pool.submit(alone, lambda: preview("title=B")))
            while not (others[0].done() or waits_for_us()):
                pass
        save(state, *args, **kwargs)

    monkeypatch.setattr(FormState, "save", save_beside_others)
    with ThreadPoolExecutor(1) as pool:
        first = preview("title=A")
        second = others[0].result(timeout=20)

    assert first == second
    assert [state.data for state in FormState.objects.all()] == ["title=B"]
    assert preview("title=C") == first
