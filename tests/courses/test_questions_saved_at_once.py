"""A draft of a question that is saved at the moment in which somebody publishes it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from lms.scoped_admin.views import RefusableFormMixin
from tests.at_once import ON_REAL_CONNECTIONS, alone, waits_for_us
from tests.courses.test_question_drafts import publish, save_draft
from tests.factories.rows import set_fields

pytestmark = ON_REAL_CONNECTIONS


@pytest.fixture
def beside(monkeypatch):
    """Lets somebody else act as soon as a form is about to be saved; what comes of it."""
    save, others = RefusableFormMixin.save_instance, []

    def let(act):
        def save_beside(view):
            if not others:
                others.append(pool.submit(alone, act))
                while not (others[0].done() or waits_for_us()):
                    pass
            return save(view)

        monkeypatch.setattr(RefusableFormMixin, "save_instance", save_beside)
        return others

    with ThreadPoolExecutor(1) as pool:
        yield let


def test_question_that_is_published_beside_a_draft_stays_so(as_trainer, question, beside):
    set_fields(question, live=False, has_unpublished_changes=True)
    others = beside(lambda: publish(as_trainer, question, text="Đăng"))
    save_draft(as_trainer, question, text="Nháp")

    assert others[0].result(timeout=30).status_code == 302
    question.refresh_from_db()
    assert (question.live, question.text) == (True, "Đăng")


def test_draft_that_is_saved_beside_a_publication_is_the_latest(as_trainer, question, beside):
    others = beside(lambda: save_draft(as_trainer, question, text="Nháp"))
    publish(as_trainer, question, text="Đăng")

    latest = others[0].result(timeout=30)
    question.refresh_from_db()
    assert question.text == "Đăng"
    assert question.latest_revision == question.revisions.order_by("pk").last()
    assert (latest.content["text"], question.has_unpublished_changes) == ("Nháp", True)
