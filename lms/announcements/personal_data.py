"""What announcements hold about people: who wrote, and to whom."""

from django.utils.translation import gettext_lazy as _

from lms.accounts.enums import RetentionAction
from lms.accounts.extensions import REMOVED, PersonalData, RetentionRule
from lms.announcements.models import Announcement, AnnouncementRecipient

PERSONAL_DATA = (
    PersonalData(
        Announcement,
        subject="author",
        shown=("group", "subject", "text", "written_at", "send_at", "withdrawn_at"),
        on_merge={
            "author": "Who wrote on that day stays told as it was.",
            "withdrawn_by": "Who withdrew it on that day stays told as it was.",
        },
        keep=[
            RetentionRule(
                key="announcements",
                label=_("Announcements, and to whom they went"),
                counted_from=_("the day it was to be sent"),
                reason=_("During this time it can be checked what people were told."),
                action=RetentionAction.DELETED,
                days=365,
                due=lambda before: Announcement.objects.filter(send_at__lt=before),
            )
        ],
        copy=REMOVED,
    ),
    PersonalData(
        AnnouncementRecipient,
        subject="reminder__user",
        shown=("announcement.subject", "announcement.send_at"),
        copy=REMOVED,
    ),
)
