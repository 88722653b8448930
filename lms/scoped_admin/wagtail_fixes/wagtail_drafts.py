"""Drafts that are saved while somebody else publishes: Wagtail 8.0 notes in the blocks that they ask for less.

The blocks of a page live as long as the process. While one thread saved a draft no other one asked for what a
lesson must have, so one that lacked it could be published; two that met failed, or left a block that asks for
nothing until the next start.
"""

import copy
from contextvars import ContextVar
from typing import Any

from wagtail.blocks import Block, FieldBlock

_is_draft: ContextVar[bool] = ContextVar("is_draft", default=False)


def clean_draft(block: Block, value: Any) -> Any:
    """Return the value of a page, cleaned as that of a draft by this thread alone."""
    token = _is_draft.set(True)
    try:
        return block.clean(value)
    finally:
        _is_draft.reset(token)


def clean_field(block: FieldBlock, value: Any) -> Any:
    """Return the value of one field, cleaned by a field that asks for what a draft must have or a page."""
    field = block.field
    if _is_draft.get():
        field = copy.copy(field)
        field.required = getattr(block.meta, "required_on_save", False)
    return block.value_from_form(field.clean(block.value_for_form(value)))


def _note_nothing(_block: Block, _is_deferred: bool) -> None:
    """Leave the block as it is: Wagtail writes into each that it makes whether a draft is saved."""


def save_drafts_apart() -> None:
    Block.clean_deferred = clean_draft
    Block.is_deferred_validation = property(lambda _block: _is_draft.get(), _note_nothing)
    FieldBlock.clean = clean_field
