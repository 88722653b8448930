from tests.factories.accounts import PostingFactory
from tests.factories.geography import unit
from tests.factories.notifications import ReminderFactory


def reminder_to(code, name, **fields):
    """A reminder to a person of this commune."""
    user = PostingFactory(unit=unit(code), user__full_name=name).user
    user.email = f"{user.staff_code.lower()}@example.vn"
    user.save()
    return ReminderFactory(user=user, **fields)
