"""Who may do what with reminders."""

from lms.accounts.enums import OVERSIGHT_ROLES, Role

# Those who watch over a unit see the reminders to its people.
REMINDER_ROLES = OVERSIGHT_ROLES
# Of these, who may send one again; a focal point looks on.
SENDING_ROLES = (Role.ADMINISTRATOR, Role.MONITOR, Role.COORDINATOR)
# Who write rules: a coordinator for the own area.
RULE_WRITERS = SENDING_ROLES
