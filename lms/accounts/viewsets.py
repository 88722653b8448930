"""The register of people in the Wagtail admin, in the place of Wagtail's own list of users."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from lms.accounts.enums import OVERSIGHT_ROLES, Role
from lms.accounts.models import User
from lms.accounts.register.forms.people import PersonForm
from lms.accounts.register.views.consents import ConsentAddView, ConsentWithdrawView
from lms.accounts.register.views.people import (
    PersonCreateView,
    PersonFilterSet,
    PersonIndexView,
    PersonInspectView,
    posts_today,
)
from lms.accounts.rosters.resources.people import PeopleResource
from lms.accounts.signin.views.access_buttons import AccessButtonsMixin
from lms.accounts.signin.views.cards import InvitationSheetView, ResetAccessView
from lms.accounts.signin.views.second_factor import ResetFactorView
from lms.core.display import phone_local
from lms.scoped_admin.views import ScopedEditView
from lms.scoped_admin.viewsets import ScopedModelViewSet


class PersonEditView(AccessButtonsMixin, ScopedEditView):
    pass


class PersonAccessInspectView(AccessButtonsMixin, PersonInspectView):
    pass


class PersonViewSet(ScopedModelViewSet):
    """Nobody is deleted: attendance and certificates stand on people. Accounts are closed."""

    model = User
    icon = "group"
    menu_name = "people"
    menu_label = _("People")
    menu_order = 200
    add_to_admin_menu = True

    change_scope_method = "manageable_by"
    view_roles = OVERSIGHT_ROLES
    add_roles = change_roles = (Role.ADMINISTRATOR, Role.COORDINATOR)

    pages: ClassVar = {
        "invitations": ("invitations/", InvitationSheetView),
        "code": ("code/<int:pk>/", ResetAccessView),
        "consent_add": ("consents/<int:pk>/add/", ConsentAddView),
        "consent_withdraw": ("consents/<int:pk>/withdraw/<int:consent_pk>/", ConsentWithdrawView),
        "second_factor": ("second-factor/<int:pk>/", ResetFactorView),
    }

    index_view_class = PersonIndexView
    add_view_class = PersonCreateView
    edit_view_class = PersonEditView
    inspect_view_class = PersonAccessInspectView

    list_per_page = 50
    ordering = "full_name"
    list_display = (
        "full_name",
        Column("staff_code", label=_("Staff code"), sort_key="staff_code"),
        Column("phone", label=_("Phone number"), accessor=lambda user: phone_local(user.phone)),
        Column("posts_today", label=_("Post"), accessor=posts_today),
    )
    filterset_class = PersonFilterSet
    folded_search_fields = ("search_text",)
    resource_class = PeopleResource
    export_filename = "danh-sach-can-bo"
    inspect_view_fields = (
        "full_name",
        "staff_code",
        "phone",
        "phone_raw",
        "email",
        "sex",
        "year_of_birth",
        "is_active",
        "last_login",
        "postings",
        "role_assignments",
        "is_minimal",
        "consents",
    )
    form_fields = PersonForm.Meta.fields

    def get_form_class(self, **kwargs: Any) -> Any:
        return PersonForm
