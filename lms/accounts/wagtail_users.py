"""Wagtail's users app with the suite's own register in the place of its list of users."""

from wagtail.users.apps import WagtailUsersAppConfig


class SuiteUsersConfig(WagtailUsersAppConfig):
    """Wagtail's list shows everybody to whoever may change users; ours is scoped."""

    user_viewset = "lms.accounts.viewsets.PersonViewSet"
