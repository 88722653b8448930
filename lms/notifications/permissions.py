"""Who may do what with reminders."""

from lms.accounts.enums import OVERSIGHT_ROLES, Role

# Those who watch over a unit see the reminders to its people and may send one again.
REMINDER_ROLES = OVERSIGHT_ROLES
# A rule holds for the whole province.
RULE_ROLES = (Role.ADMINISTRATOR, Role.MONITOR)
