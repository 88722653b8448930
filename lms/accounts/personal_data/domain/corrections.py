"""What people ask to have corrected in their own record, and what becomes of it.

Values are written by the rules of the register: read as `details` reads them, unique, logged. The
log says which item, never what stood or stands there.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from lms.accounts.enums import CorrectionItem, CorrectionState
from lms.accounts.models import CorrectionRequest, User
from lms.accounts.register.domain.field_parsers import (
    read_email,
    read_full_name,
    read_phone,
    read_sex,
    read_year_of_birth,
)
from lms.core.display import vi_date
from lms.core.fields import with_derived
from lms.core.refusal import Refusal
from lms.core.text import nfc

ASKED: Final = "accounts.correction_asked"
APPLIED: Final = "accounts.correction_applied"
REFUSED: Final = "accounts.correction_refused"
WITHDRAWN: Final = "accounts.correction_withdrawn"

# Items that are columns of the record, with what reads them. A post has a day and a history, so
# the person who answers records it as a move.
_READERS: Final[dict[str, Callable[..., Any]]] = {
    CorrectionItem.FULL_NAME: read_full_name,
    CorrectionItem.YEAR_OF_BIRTH: read_year_of_birth,
    CorrectionItem.SEX: read_sex,
    CorrectionItem.PHONE: read_phone,
    CorrectionItem.EMAIL: read_email,
}


def is_written_at_once(*, item: str) -> bool:
    """Return whether `apply_correction` writes the value itself."""
    return item in _READERS


def ask_correction(
    *, person: User, item: str, wanted: str, reason: str, at: datetime
) -> CorrectionRequest:
    """Ask for one item of the person to be put right; whoever keeps the record answers.

    Raises Refusal when the value cannot be right (the sentence says why), when the register
    says so already, and `asked_already` while an earlier request for this item is open: that one
    stays. Whether another person has the number is not told. Writes the log.
    """
    text = nfc(wanted)
    if item in _READERS and _READERS[item](text=text) == getattr(person, item):
        raise Refusal("same", _("This is already on the register."))
    with transaction.atomic():
        _lock_person(person.pk)
        waiting = CorrectionRequest.objects.waiting().filter(user=person, item=item).first()
        if waiting:
            raise Refusal(
                "asked_already",
                _(
                    "You already requested this on %(day)s, and it has not been answered yet. "
                    "Withdraw that request first if you want something else."
                )
                % {"day": vi_date(waiting.asked_at)},
                field="item",
            )
        asked = CorrectionRequest.objects.create(
            user=person, item=item, wanted=text, reason=nfc(reason), asked_at=at
        )
        log(instance=person, action=ASKED, user=person, data={"item": item})
    return asked


def withdraw_correction(*, asked: CorrectionRequest, person: User, at: datetime) -> None:
    """Withdraw what the person no longer asks for. Raises Refusal once it is answered.
    Writes the log.
    """
    with transaction.atomic():
        _lock_person(person.pk)
        _close(_open_one(asked), CorrectionState.WITHDRAWN, by=None, at=at)
        log(instance=person, action=WITHDRAWN, user=person, data={"item": asked.item})


def apply_correction(*, asked: CorrectionRequest, by: User, at: datetime) -> None:
    """Write what was asked for, and close the request; a post, or something else, is only closed.

    Raises Refusal: `not_manageable`, `answered_already`, and with its sentence whatever rule
    of the register the value breaks, such as a number that another person has. Writes the log.
    """
    with transaction.atomic():
        person = _lock_person(asked.user_id)
        _require_manageable(person, by)
        found = _open_one(asked)
        if found.item in _READERS:
            _write(person, found.item, _READERS[found.item](text=found.wanted))
        _close(found, CorrectionState.DONE, by=by, at=at)
        log(instance=person, action=APPLIED, user=by, data={"item": found.item})


def refuse_correction(*, asked: CorrectionRequest, by: User, answer: str, at: datetime) -> None:
    """Close the request with a reason, which the person reads.

    Raises Refusal: `no_reason`, `not_manageable`, `answered_already`. Writes the log.
    """
    reason = nfc(answer)
    if not reason:
        raise Refusal("no_reason", _("Please give a reason: the person will read it."))
    with transaction.atomic():
        person = _lock_person(asked.user_id)
        _require_manageable(person, by)
        found = _open_one(asked)
        found.answer = reason[: CorrectionRequest._meta.get_field("answer").max_length]
        _close(found, CorrectionState.REFUSED, by=by, at=at)
        log(instance=person, action=REFUSED, user=by, data={"item": found.item})


def _lock_person(pk: int) -> User:
    """Lock the person: two who ask or answer at once come one after the other."""
    return User.objects.select_for_update(no_key=True).get(pk=pk)


def _open_one(asked: CorrectionRequest) -> CorrectionRequest:
    found = CorrectionRequest.objects.waiting().filter(pk=asked.pk).first()
    if found is None:
        raise Refusal("answered_already", _("This request has been closed in the meantime."))
    return found


def _require_manageable(person: User, by: User) -> None:
    if not User.objects.manageable_by(by).filter(pk=person.pk).exists():
        raise Refusal("not_manageable", _("You may not change the record of this person."))


def _close(
    asked: CorrectionRequest, state: CorrectionState, *, by: User | None, at: datetime
) -> None:
    asked.state, asked.decided_by, asked.decided_at = state, by, at
    asked.save(update_fields=["state", "decided_by", "decided_at", "answer"])


def _write(person: User, name: str, value: Any) -> None:
    setattr(person, name, value)
    others = {column.name for column in User._meta.fields} - {name}
    try:
        person.clean_fields(exclude=others)
        person.validate_unique(exclude=others)
        person.validate_constraints()
        with transaction.atomic():
            person.save(update_fields=with_derived([person], [name]))
    except ValidationError as error:
        raise Refusal("not_valid", " ".join(error.messages)) from error
    except IntegrityError as error:
        taken = _("Another person on the register has been given this in the meantime.")
        raise Refusal("taken", taken) from error
