"""A reminder is a row with a state long before it is a message."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import Role
from lms.accounts.models import User
from lms.core.display import vi_date
from lms.geography.models import AdministrativeUnit
from lms.messaging.enums import Outcome
from lms.notifications.enums import (
    RULE_ROLES,
    Channel,
    DropReason,
    ReceiptState,
    ReminderState,
)


class ReminderRuleQuerySet(models.QuerySet["ReminderRule"]):
    def visible_to(self, user: User) -> "ReminderRuleQuerySet":
        """Return all for those who look after the whole; for a coordinator those of the province
        and those of the own area.
        """
        if user.scope.has_role(*RULE_ROLES):
            return self
        if not user.scope.has_role(Role.COORDINATOR):
            return self.none()
        return self.filter(Q(unit=None) | user.scope.units_q("unit", (Role.COORDINATOR,)))

    def manageable_by(self, user: User) -> "ReminderRuleQuerySet":
        """Return all for those who look after the whole, else those of the own area."""
        if user.scope.has_role(*RULE_ROLES):
            return self
        own = user.scope.units_q("unit", (Role.COORDINATOR,))
        return self.filter(own, unit__isnull=False)


class ReminderRule(models.Model):
    """What a registered kind of reminder says, to whom, when, by which ways and how often.

    A kind may have several: of those that come with the kind one stands for each of its defaults
    (`shipped_as`); further ones are written by administrators and coordinators. Nothing planned is
    lost when a rule changes: what waits follows it, what was sent stays as it is.
    """

    kind = models.CharField(_("kind"), max_length=50)
    name = models.CharField(_("name"), max_length=100, blank=True)
    # Which default of the kind the row came with; null: written by a person.
    shipped_as = models.CharField(max_length=20, null=True, blank=True, editable=False)
    enabled = models.BooleanField(_("enabled"), default=True)
    lead_minutes = models.PositiveIntegerField(
        _("lead time in minutes"), help_text=_("How long before the event the reminder is due.")
    )
    repeat_days = models.PositiveSmallIntegerField(_("again after so many days"), default=1)
    repeat_times = models.PositiveSmallIntegerField(_("how many times more"), default=0)
    # To whom: empty is everybody whom the kind names.
    unit = models.ForeignKey(
        AdministrativeUnit, models.PROTECT, null=True, blank=True, verbose_name=_("unit")
    )
    cadres = models.JSONField(_("cadres"), default=list, blank=True)
    # Ids by the key of an `AudiencePart`: {"course": [3]}.
    about = models.JSONField(_("about"), default=dict, blank=True)
    # Keys of channels; empty is the order that is set for the suite.
    ways = models.JSONField(_("ways"), default=list, blank=True)
    # What it says; empty is what the kind says.
    subject_vi = models.CharField(_("subject in Vietnamese"), max_length=200, blank=True)
    body_vi = models.TextField(_("text in Vietnamese"), max_length=2000, blank=True)
    short_vi = models.CharField(_("SMS in Vietnamese"), max_length=300, blank=True)
    subject_en = models.CharField(_("subject in English"), max_length=200, blank=True)
    body_en = models.TextField(_("text in English"), max_length=2000, blank=True)
    short_en = models.CharField(_("SMS in English"), max_length=300, blank=True)
    failing_since = models.DateTimeField(
        _("cannot be planned since"), null=True, blank=True, editable=False
    )

    objects = ReminderRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder rule")
        verbose_name_plural = _("reminder rules")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "shipped_as"], name="reminder_rule_once_per_default"
            ),
            models.CheckConstraint(
                condition=Q(repeat_days__gte=1), name="reminder_rule_repeats_on_another_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.kind


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def visible_to(self, user: User) -> "ReminderQuerySet":
        """Return own reminders, and those to people now or formerly posted in an overseen unit."""
        if user.scope.everywhere:
            return self
        visible_people = User.objects.visible_to(user)
        return self.filter(Q(user=user) | Q(user__in=visible_people))


class Reminder(models.Model):
    """One message to one person about one thing, planned once by a rule: `unique_key` names person
    and thing, `occurrence` which time it is said.

    The states are walked by `notifications.domain.sending`: a row is claimed in its own
    transaction, and marked as being handed over just before the mail server gets it. Killed
    before that mark, it goes out later; killed after it, it is *perhaps sent* and is
    never sent again by itself.
    """

    rule = models.ForeignKey(ReminderRule, models.PROTECT, related_name="reminders")
    user = models.ForeignKey(User, models.CASCADE, related_name="reminders")
    unique_key = models.CharField(_("unique key"), max_length=150)
    occurrence = models.PositiveSmallIntegerField(_("which time it is said"), default=0)
    # What the kind needs to write the message: primitives only, no personal data.
    payload = models.JSONField(_("payload"), default=dict)
    # Chosen at planning and followed while it waits: the key of a channel, or `PEOPLE`.
    way = models.CharField(_("way"), max_length=10, default=Channel.EMAIL)
    # What it is about, for whoever reads the list; followed while it waits.
    run_number = models.PositiveBigIntegerField(_("class"), null=True, blank=True, db_index=True)
    run_title = models.CharField(_("class"), max_length=300, blank=True)
    session_title = models.CharField(_("session"), max_length=300, blank=True)
    place = models.CharField(_("place"), max_length=310, blank=True)
    due_at = models.DateTimeField(_("due at"))
    expires_at = models.DateTimeField(_("expires at"))
    state = models.CharField(
        _("state"), max_length=15, choices=ReminderState.choices, default=ReminderState.PLANNED
    )
    state_since = models.DateTimeField(_("in this state since"), auto_now_add=True)
    # Why one that was cancelled was not sent.
    reason = models.CharField(_("why not"), max_length=10, choices=DropReason.choices, blank=True)
    # Leaves at night as well: what it is about would be over in the morning.
    urgent = models.BooleanField(_("urgent"), default=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # Not tried again before, after a try that certainly delivered nothing.
    rest_until = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("planned at"), auto_now_add=True)

    objects = ReminderQuerySet.as_manager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        indexes: ClassVar = [
            models.Index(fields=["state", "due_at"], name="reminder_by_state_due"),
            # Looked through at each tick: who of these has got an address.
            models.Index(
                fields=["user"],
                condition=Q(state=ReminderState.UNREACHABLE),
                name="reminder_to_be_called",
            ),
        ]
        constraints: ClassVar = [
            # The key comes first: no other index answers whether some are planned already, so none
            # is taken for it, however little the database knows of rows made a moment ago.
            models.UniqueConstraint(
                fields=["unique_key", "rule", "occurrence"], name="reminder_once"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gte=models.F("due_at")), name="reminder_expires_after_due"
            ),
        ]

    def __str__(self) -> str:
        return self.unique_key


class DeliveryAttempt(models.Model):
    """One try to hand a reminder over; rows are only ever added and finished."""

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="deliveries")
    channel = models.CharField(_("channel"), max_length=10)
    started_at = models.DateTimeField(_("started at"))
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    message_id = models.CharField(_("message id"), max_length=200, blank=True)
    detail = models.CharField(_("detail"), max_length=500, blank=True)
    # Who called, where the way is a person.
    caller = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("called by")
    )
    # What the provider calls the message, to which address, and what it told of it afterwards.
    address_mark = models.CharField(max_length=16, blank=True, editable=False)
    reference = models.CharField(_("number at the provider"), max_length=200, blank=True)
    receipt = models.CharField(
        _("receipt"), max_length=10, choices=ReceiptState.choices, blank=True
    )
    receipt_at = models.DateTimeField(_("receipt received at"), null=True, blank=True)

    class Meta:
        verbose_name = _("delivery attempt")
        verbose_name_plural = _("delivery attempts")
        indexes: ClassVar = [
            models.Index(fields=["channel", "reference"], name="delivery_by_reference"),
            models.Index(fields=["channel", "message_id"], name="delivery_by_message_id"),
        ]
        ordering: ClassVar = ["started_at", "pk"]

    def __str__(self) -> str:
        return f"{self.reminder_id}: {self.outcome}"


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> "NoticeQuerySet":
        """Return one's own: what somebody was told is nobody else's to read."""
        return self.filter(user=user)

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at=None)


class Notice(models.Model):
    """What a person reads in the site: one of each reminder, whatever way it goes besides.

    Written by `domain.notices.write_notices` when the reminder is due, and never changed but for
    being read.
    """

    reminder = models.OneToOneField(Reminder, models.CASCADE, related_name="notice")
    user = models.ForeignKey(User, models.CASCADE, related_name="notices")
    subject = models.CharField(_("subject"), max_length=300)
    text = models.TextField(_("text"))
    # The page of the suite that it speaks of, from the root on.
    path = models.CharField(_("page"), max_length=500, blank=True)
    written_at = models.DateTimeField(_("written at"))
    read_at = models.DateTimeField(_("read by the person at"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering: ClassVar = ["-written_at", "-pk"]
        indexes: ClassVar = [
            # Counted with every page that a person opens.
            models.Index(fields=["user"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["user", "-written_at"], name="notice_by_person"),
        ]

    def __str__(self) -> str:
        return self.subject


class DayOffQuerySet(models.QuerySet["DayOff"]):
    def visible_to(self, user: User) -> "DayOffQuerySet":
        """Return all: a day off names nobody."""
        return self


class DayOff(models.Model):
    """A day on which no reminder leaves; those by law are written each year by the plan tick. Or one on
    which people work though its day of the week is off.
    """

    day = models.DateField(_("date"), unique=True)
    name = models.CharField(_("name"), max_length=100)
    is_working_day = models.BooleanField(
        _("people work on this day"),
        default=False,
        help_text=_(
            "Tick it for a Saturday or Sunday that is worked in exchange for another day: messages "
            "leave on it, though they do not on other Saturdays or Sundays."
        ),
    )
    by_law = models.BooleanField(default=False, editable=False)

    objects = DayOffQuerySet.as_manager()

    class Meta:
        verbose_name = _("day off")
        verbose_name_plural = _("days off")
        ordering: ClassVar = ["day"]

    def __str__(self) -> str:
        return f"{vi_date(self.day)}: {self.name}"

    @property
    def effect(self) -> str:
        """Return in words whether messages rest or leave on it."""
        return str(_("Working day") if self.is_working_day else _("Day off"))


class SendingPause(models.Model):
    """Nobody is reminded of anything until then; kept, so that one can tell what was dropped and why.

    Written by `lms.notifications.domain.pausing`.
    """

    started_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("paused by")
    )
    started_at = models.DateTimeField(_("paused at"))
    until = models.DateTimeField(_("until"))
    reason = models.CharField(_("reason"), max_length=200)
    # Brought forward when a person ends it.
    ended_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("ended by")
    )

    class Meta:
        verbose_name = _("pause of all reminders")
        verbose_name_plural = _("pauses of all reminders")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(until__gte=models.F("started_at")), name="pause_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.reason


class WayChoice(models.Model):
    """By which way a person wants to hear of one kind first; written by `domain.preferences`.

    Without a kind it holds for all that have no choice of their own. `SITE`: in the site alone.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="way_choices")
    kind = models.CharField(_("kind"), max_length=50, blank=True)
    way = models.CharField(_("way"), max_length=10)

    class Meta:
        verbose_name = _("choice of a way")
        verbose_name_plural = _("choices of ways")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "kind"], name="way_choice_once_per_kind")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.way}"


class PushDevice(models.Model):
    """A browser in which a person has switched messages on: a consent that the person ends here, or the
    browser by itself; written by `domain.devices`, ended by whoever finds that it is gone.
    """

    ENDPOINT_LENGTH: ClassVar = 800

    user = models.ForeignKey(User, models.CASCADE, related_name="push_devices")
    # Where its push service takes messages: a secret, shown to nobody.
    endpoint = models.CharField(max_length=ENDPOINT_LENGTH, unique=True)
    p256dh = models.CharField(max_length=200)
    auth = models.CharField(max_length=100)
    label = models.CharField(_("device"), max_length=100)
    created_at = models.DateTimeField(_("switched on at"), auto_now_add=True)

    class Meta:
        verbose_name = _("device for messages")
        verbose_name_plural = _("devices for messages")

    def __str__(self) -> str:
        return self.label


class DeadAddressQuerySet(models.QuerySet["DeadAddress"]):
    def visible_to(self, user: User) -> "DeadAddressQuerySet":
        """Return those of people whom this person sees."""
        return self.filter(user__in=User.objects.visible_to(user))

    def current(self) -> "DeadAddressQuerySet":
        """Return those that the person still has: what was put right since is told no more."""
        by_mail = Q(way=Channel.EMAIL, address=models.F("user__email"))
        return self.filter(by_mail | (~Q(way=Channel.EMAIL) & Q(address=models.F("user__phone"))))


class DeadAddress(models.Model):
    """An address of a person that a way refused for good, or from which a receipt of failure came: one
    row a way, written by `domain.dead_addresses`. A person mends it, or decides that one calls instead.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="dead_addresses")
    way = models.CharField(_("way"), max_length=10)
    address = models.CharField(_("address"), max_length=254)
    reason = models.CharField(_("what the provider said"), max_length=500, blank=True)
    since = models.DateTimeField(_("since"))
    last_at = models.DateTimeField(_("last tried at"))
    times = models.PositiveIntegerField(_("how often"), default=1)
    # Told by a receipt, so only a receipt proves the contrary: accepting says nothing.
    by_receipt = models.BooleanField(default=False)
    call_instead = models.BooleanField(_("call instead"), default=False)

    objects = DeadAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("dead address")
        verbose_name_plural = _("dead addresses")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "way"], name="dead_address_once_per_way")
        ]

    def __str__(self) -> str:
        return self.way
