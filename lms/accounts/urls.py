"""The pages of allauth that this suite offers.

No sign-up, no e-mail addresses to manage and no reset by mail: people are put on the
register, most have no e-mail, and a forgotten password is given anew by the coordinator.
"""

from allauth.account import views as allauth_views
from django.urls import path

from lms.accounts.views.entrance import SuiteLoginView

urlpatterns = [
    path("login/", SuiteLoginView.as_view(), name="account_login"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth_views.password_change, name="account_change_password"),
]
