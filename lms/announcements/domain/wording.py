"""What people read of an announcement."""

from django.utils.translation import gettext as _

from lms.announcements.domain.rule import rule_of_announcements
from lms.announcements.models import Announcement
from lms.core.display import phone_local
from lms.core.models import suite_name
from lms.notifications.domain.texts import fill_words
from lms.notifications.extensions import Message


def message_of(announcement: Announcement) -> Message:
    """Return the message: the text, and who is to be asked; needs `author`."""
    author = announcement.author
    phone = phone_local(author.phone)
    values = {
        "subject": announcement.subject,
        "text": announcement.text,
        "author": author.full_name,
        "phone": phone,
    }
    answer = _("From %(author)s. To answer, call %(phone)s.") if phone else _("From %(author)s.")
    return Message(
        subject=announcement.subject,
        body=f"{announcement.text}\n\n{answer % values}",
        # What goes by SMS: the name of the suite, the text, and the phone for answers.
        short=" ".join(filter(None, (f"{suite_name()}:", *announcement.text.split(), phone))),
        values=values,
    )


def read_by_people(announcement: Announcement) -> Message:
    """Return what people read: in the words of the rule, where it has some of its own."""
    rule = rule_of_announcements()
    message = message_of(announcement)
    return fill_words(rule=rule, message=message, name="…") if rule else message
