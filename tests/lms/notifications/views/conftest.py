from tests.factories.accounts import PostingFactory
from tests.factories.geography import unit
from tests.factories.notifications import ReminderFactory
from tests.factories.rows import set_fields


def reminder_to(code, name, **fields):
    """A reminder to a person of this commune."""
    user = PostingFactory(unit=unit(code), user__full_name=name).user
    set_fields(user, email=f"{user.staff_code.lower()}@example.vn")
    return ReminderFactory(user=user, **fields)
