from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "lms.accounts"
    label = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from allauth.mfa.signals import (  # noqa: PLC0415
            authenticator_added,
            authenticator_removed,
        )

        from lms.accounts.copies import copies_in_accounts  # noqa: PLC0415
        from lms.accounts.extensions import copy_rules, retention_rules  # noqa: PLC0415
        from lms.accounts.personal_data import checks  # noqa: F401, PLC0415
        from lms.accounts.references import register_own_references  # noqa: PLC0415
        from lms.accounts.retention import retention_in_accounts  # noqa: PLC0415
        from lms.accounts.signin.receivers import factor_added, factor_removed  # noqa: PLC0415

        register_own_references()
        for rule in retention_in_accounts():
            retention_rules.register(rule)
        for copied in copies_in_accounts():
            copy_rules.register(copied)
        authenticator_added.connect(factor_added, dispatch_uid="accounts.factor_added")
        authenticator_removed.connect(factor_removed, dispatch_uid="accounts.factor_removed")
