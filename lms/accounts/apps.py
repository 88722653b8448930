from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "lms.accounts"
    label = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from allauth.account.signals import user_logged_in  # noqa: PLC0415
        from allauth.mfa.signals import (  # noqa: PLC0415
            authenticator_added,
            authenticator_removed,
        )

        from lms.accounts.boundary_changes import quality_checks as of_boundaries  # noqa: PLC0415
        from lms.accounts.extensions import personal_data  # noqa: PLC0415
        from lms.accounts.merging import quality_checks as of_merging  # noqa: PLC0415
        from lms.accounts.personal_data import checks  # noqa: F401, PLC0415
        from lms.accounts.personal_data.declarations import PERSONAL_DATA  # noqa: PLC0415
        from lms.accounts.personal_data.packages import PACKAGES_DATA  # noqa: PLC0415
        from lms.accounts.register import quality_checks as of_register  # noqa: PLC0415
        from lms.accounts.signin.receivers import (  # noqa: PLC0415
            factor_added,
            factor_removed,
            logged_in,
        )
        from lms.core.quality import quality_checks  # noqa: PLC0415

        for offered in (of_register, of_merging, of_boundaries):
            quality_checks.register(*offered.CHECKS)
        personal_data.register(*PERSONAL_DATA, *PACKAGES_DATA)
        user_logged_in.connect(logged_in, dispatch_uid="accounts.logged_in")
        authenticator_added.connect(factor_added, dispatch_uid="accounts.factor_added")
        authenticator_removed.connect(factor_removed, dispatch_uid="accounts.factor_removed")
