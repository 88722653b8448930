"""A draft may lack what a page that is published must have, also while somebody else publishes one."""

import pytest
from django.core.exceptions import ValidationError
from wagtail.blocks import StreamBlock

from courses.blocks import CalloutBlock
from courses.models import LessonPage
from tests.at_once import at_once

UNFINISHED = {"tone": "info", "title": "", "text": "Gọi 111."}


@pytest.fixture
def body():
    """What a lesson is made of: a process has it once, for whoever saves a lesson."""
    return LessonPage.body.field.stream_block


@pytest.fixture
def callout(body):
    return body.to_python([{"type": "callout", "value": UNFINISHED}])


def outcome_of(act):
    try:
        return list(act())
    except ValidationError as refused:
        return refused


def test_publishing_asks_for_all_while_a_draft_is_saved(body, callout, monkeypatch):
    others, clean = [], CalloutBlock.clean

    def clean_beside_others(self, value):
        if not others:
            others.append(None)
            others[0] = at_once(lambda: outcome_of(lambda: body.clean(callout)))[0]
        return clean(self, value)

    monkeypatch.setattr(CalloutBlock, "clean", clean_beside_others)

    draft = body.clean_deferred(callout)

    assert draft[0].value["title"] == ""
    assert isinstance(others[0], ValidationError)


def test_draft_may_lack_what_is_asked_later_and_leaves_nothing_behind(body, callout):
    assert len(body.clean_deferred(callout)) == 1
    with pytest.raises(ValidationError):
        body.clean(callout)

    # Nor does one that is refused.
    spoiled = body.to_python([{"type": "callout", "value": {**UNFINISHED, "tone": "none"}}])
    with pytest.raises(ValidationError):
        body.clean_deferred(spoiled)
    with pytest.raises(ValidationError):
        body.clean(callout)


def test_page_without_any_block_is_a_draft(body):
    block = StreamBlock([("callout", CalloutBlock())])
    empty = block.to_python([])

    assert len(block.clean_deferred(empty)) == 0
    with pytest.raises(ValidationError):
        block.clean(empty)
