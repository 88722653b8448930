"""What people read of an announcement."""

from django.utils.translation import gettext as _

from lms.announcements.models import Announcement
from lms.core.display import phone_local
from lms.core.models import suite_name
from lms.notifications.extensions import Message


def message_of(announcement: Announcement) -> Message:
    """Return the message: the text, and who is to be asked; needs `author`."""
    author = announcement.author
    values = {"name": author.full_name, "phone": phone_local(author.phone)}
    answer = _("From %(name)s. To answer, call %(phone)s.") if author.phone else _("From %(name)s.")
    return Message(
        subject=announcement.subject,
        body=f"{announcement.text}\n\n{answer % values}",
        short=short_of(text=announcement.text, phone=values["phone"]),
    )


def short_of(*, text: str, phone: str) -> str:
    """Return what goes by SMS: the name of the suite, the text, and the phone for answers."""
    return " ".join(filter(None, (f"{suite_name()}:", text, phone)))
