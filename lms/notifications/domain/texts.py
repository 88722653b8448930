"""The words of a rule: what they may name, what an SMS of them costs, how they are filled in."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from lms.accounts.register.domain.language import language_of
from lms.core.models import suite_name
from lms.core.refusal import Refusal
from lms.core.text import unmarked
from lms.messaging.sms import count_parts, count_places, fit
from lms.notifications.extensions import Message, ReminderKind
from lms.notifications.models import Reminder, ReminderRule

#: What each text may name, whatever its kind.
COMMON: Final[Mapping[str, Promise]] = {
    "name": gettext_lazy("full name of the person"),
    "suite": gettext_lazy("name of this site"),
}
TEXT_FIELDS: Final = ("subject_vi", "body_vi", "short_vi", "subject_en", "body_en", "short_en")
# Neither a dot nor a bracket: a text reaches nothing but what the kind gives.
_PLACEHOLDER: Final = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class ShortText:
    """An SMS as it leaves, how many signs it is counted as, and as how many messages it is paid for."""

    text: str
    signs: int
    parts: int


def placeholders_of(kind: ReminderKind) -> dict[str, str]:
    """Return what a text about this kind may name, with what each stands for."""
    return {name: str(label) for name, label in {**COMMON, **kind.placeholders}.items()}


def check_texts(*, rule: ReminderRule, kind: ReminderKind) -> None:
    """Refuse what could not be filled in, and what would leave out the words of a person:
    `unknown_placeholder`, `stray_brace`, `missing_placeholder`.
    """
    allowed = placeholders_of(kind)
    for field in TEXT_FIELDS:
        text = getattr(rule, field)
        if text and not field.startswith("subject") and f"{{{kind.must_name}}}" not in text:
            _require_name(kind, field)
        unknown = [name for name in _PLACEHOLDER.findall(text) if name not in allowed]
        if unknown:
            raise Refusal(
                "unknown_placeholder",
                _("“{%(unknown)s}” cannot be filled in here. What can be: %(allowed)s.")
                % {"unknown": unknown[0], "allowed": ", ".join(f"{{{one}}}" for one in allowed)},
                field=field,
            )
        if set("{}") & set(_PLACEHOLDER.sub("", text)):
            raise Refusal(
                "stray_brace",
                _("A brace stands alone. Write a placeholder as {name}, in small letters."),
                field=field,
            )


def _require_name(kind: ReminderKind, field: str) -> None:
    if kind.must_name:
        raise Refusal(
            "missing_placeholder",
            _("“{%(needed)s}” has to stand here: what a person has written would be left out.")
            % {"needed": kind.must_name},
            field=field,
        )


def write_messages(
    *, kind: ReminderKind, reminders: Sequence[Reminder], now: datetime
) -> dict[int, Message]:
    """Return what each of these would read, by pk, in the language of its person and in the words of
    its rule. The kind's queries, for each language that one of them reads.
    """
    written: dict[int, Message] = {}
    for language, rows in by_language(reminders).items():
        with translation.override(language):
            messages = kind.messages(reminders=rows, now=now)
            written |= {
                row.pk: write_text(rule=row.rule, reminder=row, message=messages[row.pk])
                for row in rows
                if row.pk in messages
            }
    return written


def by_language(reminders: Iterable[Reminder]) -> dict[str, list[Reminder]]:
    """Return them by the language that their people read."""
    found: dict[str, list[Reminder]] = {}
    for row in reminders:
        found.setdefault(language_of(row.user), []).append(row)
    return found


def write_text(*, rule: ReminderRule, reminder: Reminder, message: Message) -> Message:
    """Return the message in the words of the rule, as far as it has some in the active language."""
    return fill_words(rule=rule, message=message, name=reminder.user.full_name)


def fill_words(*, rule: ReminderRule, message: Message, name: str) -> Message:
    """Return the message in the words of the rule, said to somebody of this name."""
    language = translation.get_language()
    own = {part: getattr(rule, f"{part}_{language}") for part in ("subject", "body", "short")}
    if not any(own.values()):
        return message
    values = {"suite": suite_name(), **message.values, "name": name}
    said = {part: _filled(text, values) for part, text in own.items() if text}
    return replace(message, **said)  # type: ignore[arg-type]


def words_for_all(*, kind: str, message: Message) -> Message:
    """Return the message in the words of the first rule of its kind that has some, as somebody says it by
    hand to many at once: nobody's name stands in it.
    """
    rules = ReminderRule.objects.filter(kind=kind).order_by("-enabled", "pk")
    name = pgettext("in the place of a name", "colleague")
    said = (fill_words(rule=rule, message=message, name=name) for rule in rules)
    return next((one for one in said if one is not message), message)


def short_text(message: Message) -> ShortText:
    """Return what goes out where signs are counted."""
    text = fit(in_short(message), parts=settings.SUITE_SMS_PARTS, marks=settings.SUITE_SMS_MARKS)
    return ShortText(text=text, signs=count_places(text), parts=count_parts(text))


def in_short(message: Message) -> str:
    """Return what an SMS begins to say, however long: whoever has no other way must find the place."""
    if message.short:
        return message.short
    place = "" if message.where in message.subject else f", {message.where}"
    return f"{suite_name()}: {message.subject}{place}"


def fits_sms(said: str) -> bool:
    """Return whether nothing of it is cut off on its way."""
    plain = said if settings.SUITE_SMS_MARKS else unmarked(said)
    return count_parts(plain) <= settings.SUITE_SMS_PARTS


def _filled(text: str, values: Mapping[str, object]) -> str:
    # In one go: what a value holds is never filled in once more.
    return _PLACEHOLDER.sub(lambda match: str(values.get(match[1]) or ""), text)
