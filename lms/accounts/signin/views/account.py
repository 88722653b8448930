"""What a person sets for oneself in the Wagtail admin."""

from typing import Any

from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import (
    AccountView,
    AvatarSettingsPanel,
    NameEmailSettingsPanel,
)

# The name is that of the register, and no picture of a person is kept. Wagtail's form of the
# name asks for two fields that nobody has here, so that nothing else could be saved either.
_LEFT_OUT = (NameEmailSettingsPanel, AvatarSettingsPanel)


class OwnAccountView(AccountView):
    """Language, look and notifications."""

    def get_panels(self) -> list[Any]:
        return [panel for panel in super().get_panels() if not isinstance(panel, _LEFT_OUT)]


own_account = require_admin_access(OwnAccountView.as_view())
