"""How staff read what the database stores in short."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.accounts.enums import Cadre
from lms.core.display import vi_date
from lms.messaging.extensions import channels
from lms.notifications.enums import PEOPLE, CallResult, DropReason, ReminderState
from lms.notifications.extensions import audience_parts, reminder_kinds
from lms.notifications.models import DeliveryAttempt, Reminder, ReminderRule

MINUTES_AN_HOUR = 60
MINUTES_A_DAY = 24 * MINUTES_AN_HOUR


def kind_label(key: str) -> str:
    """Return the kind's own label, or its key while its app is not installed."""
    kind = reminder_kinds.get(key)
    return str(kind.label) if kind else key


def way_label(key: str) -> str:
    """Return what staff call the way, or its key while this installation has it no more."""
    if key == PEOPLE:
        return _("Call list")
    channel = channels.get(key)
    return str(channel.label) if channel else key


def outcome_label(attempt: DeliveryAttempt) -> str:
    """Return what came of a try; of a call in its own words, with who called."""
    if attempt.channel == PEOPLE:
        return f"{CallResult(attempt.detail).label} ({attempt.caller})"
    return attempt.get_outcome_display() or _("Under way")


def kind_choices() -> list[tuple[str, str]]:
    return [(kind.key, str(kind.label)) for kind in reminder_kinds]


def lead_parts(minutes: int) -> tuple[int, int]:
    """Return a number and the largest unit, in minutes, that tell this time without a rest."""
    for unit in (MINUTES_A_DAY, MINUTES_AN_HOUR):
        if minutes >= unit and minutes % unit == 0:
            return minutes // unit, unit
    return minutes, 1


def lead_label(minutes: int) -> str:
    number, unit = lead_parts(minutes)
    if unit == MINUTES_A_DAY:
        message = ngettext("%(number)d day", "%(number)d days", number)
    elif unit == MINUTES_AN_HOUR:
        message = ngettext("%(number)d hour", "%(number)d hours", number)
    else:
        message = ngettext("%(number)d minute", "%(number)d minutes", number)
    return message % {"number": number}


def rule_label(rule: ReminderRule) -> str:
    """Return the name that staff gave it, else what the kind is called."""
    return rule.name or kind_label(rule.kind)


def when_label(rule: ReminderRule) -> str:
    """Return when it is said, and how often again."""
    kind = reminder_kinds.get(rule.kind)
    lead = lead_label(rule.lead_minutes)
    told = _("%(time)s after") if kind and kind.counts_after else _("%(time)s before")
    said = told % {"time": lead} if rule.lead_minutes else _("right away")
    if not rule.repeat_times:
        return said
    again = _("then every %(days)d days, %(times)d times at most")
    return f"{said}, {again % {'days': rule.repeat_days, 'times': rule.repeat_times}}"


def audience_label(rule: ReminderRule) -> str:
    """Return in a few words to whom a rule speaks, for a list: no query."""
    if rule.unit is not None:
        return str(rule.unit)
    return _("some cadres or classes") if rule.cadres or rule.about else _("all")


def audience_facts(rule: ReminderRule) -> list[tuple[str, str]]:
    """Return all that narrows to whom a rule speaks, and by which ways; a query for each part."""
    facts = [
        (_("Area"), str(rule.unit or _("all"))),
        (_("Only these cadres"), ", ".join(str(Cadre(one).label) for one in rule.cadres)),
    ]
    for part in audience_parts:
        ids = rule.about.get(part.key)
        names = [name for _pk, name in part.named(ids=ids)] if ids else []
        facts.append((str(part.label), ", ".join(names)))
    facts.append((_("Only these ways"), ", ".join(way_label(key) for key in rule.ways)))
    return [(label, text) for label, text in facts if text]


def next_step(reminder: Reminder) -> str:
    """Return what the state means to the person who looks, as one or two sentences."""
    return {
        ReminderState.PLANNED: _("It will be sent automatically when it is due. Nothing to do.")
        if reminder.way != PEOPLE
        else _(
            "No way reaches this person, so somebody will have to call. Add an e-mail address or a "
            "phone number, or plan the call."
        ),
        ReminderState.CLAIMED: _("It is being sent. Check again in a minute."),
        ReminderState.HANDING_OVER: _("It is being sent. Check again in a minute."),
        ReminderState.SENT: _("It was accepted for delivery. Nothing to do."),
        ReminderState.CANCELLED: _("It was not sent: %(reason)s. Nothing to do.")
        % {"reason": reminder.get_reason_display() or DropReason.MOOT.label},
        ReminderState.UNREACHABLE: _(
            "It was not sent: no way reaches this person. Call the person or add an address."
        ),
        ReminderState.FAILED: _(
            "It did not arrive. Check the address and the phone number, then send it again."
        ),
        ReminderState.UNCERTAIN: _(
            "The connection was lost: it may have arrived. Ask the person before you send it again."
        ),
    }[ReminderState(reminder.state)]


def time_label(at: datetime | None) -> str:
    """Return local time and date, or nothing."""
    return vi_date(at, "time") if at else ""
