"""The pages of allauth that this suite offers.

No sign-up, no e-mail addresses to manage and no reset by mail: people are put on the
register, most have no e-mail. A printed code lets in for the first time and after a password
was forgotten; a code sent on request lets in once.
"""

from allauth.account import views as allauth_views
from django.urls import include, path

from lms.accounts.personal_data.views.corrections import AskCorrectionView, own_correction_withdraw
from lms.accounts.personal_data.views.own_data import own_data, own_data_file
from lms.accounts.signin.views import office_login
from lms.accounts.signin.views.invitations import FirstPasswordView, InvitationCodeView
from lms.accounts.signin.views.login import SuiteLoginView

urlpatterns = [
    path("login/", SuiteLoginView.as_view(), name="account_login"),
    path("ma-moi/", InvitationCodeView.as_view(), name="account_invitation"),
    path("ma-moi/mat-khau/", FirstPasswordView.as_view(), name="account_first_password"),
    path("login/code/", allauth_views.request_login_code, name="account_request_login_code"),
    path(
        "login/code/confirm/",
        allauth_views.confirm_login_code,
        name="account_confirm_login_code",
    ),
    path("co-quan/", office_login.office_login, name="account_office_login"),
    path("co-quan/tro-ve/", office_login.office_callback, name="account_office_callback"),
    path("logout/", allauth_views.logout, name="account_logout"),
    path("inactive/", allauth_views.account_inactive, name="account_inactive"),
    path("reauthenticate/", allauth_views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", allauth_views.password_change, name="account_change_password"),
    path("du-lieu-ve-toi/", own_data, name="own_data"),
    path("du-lieu-ve-toi/de-nghi-sua/", AskCorrectionView.as_view(), name="own_correction"),
    path(
        "du-lieu-ve-toi/de-nghi-sua/<int:pk>/rut/",
        own_correction_withdraw,
        name="own_correction_withdraw",
    ),
    path("du-lieu-ve-toi/<str:ending>/", own_data_file, name="own_data_file"),
    path("hai-lop/", include("allauth.mfa.urls")),
]
