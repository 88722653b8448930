"""What accounts tell the apps above; receivers connect in `AppConfig.ready()`.

Sent with `send` inside the transaction that made the change: a receiver that raises undoes it.
"""

from django.dispatch import Signal

# Arguments: person (User), on (date, the first day without consent), by (User or None).
# Once, when a minimal record loses the consent that it is kept by; its posts are closed already.
# A receiver answers with a sentence about what it ended, or with None.
taking_part_withdrawn = Signal()
