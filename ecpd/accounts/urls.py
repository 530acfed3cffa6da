"""Addresses of signing in, of one's own password and second factors: of allauth's pages those in use here, no others.

Accounts are made by an administrator, who also opens the way to a forgotten password's successor: there is no way in by
e-mail beside the sign-in (AC-01), so pages for addresses and mailed links are not served. The names of the second
factor's pages are allauth's: its own views look for each other by them.
"""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.webauthn import views as passkey
from django.contrib.auth.decorators import login_not_required
from django.urls import path

from ecpd.accounts import forgotten_views, session_views, token_views, views

urlpatterns = [
    path("login/", account.login, name="account_login"),
    path("login/passkey/", views.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
    path("login/code/", factor.authenticate, name="mfa_authenticate"),
    path("login/notice/", views.notice, name="account_notice"),
    path("logout/", login_not_required(account.logout), name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", account.signup, name="account_signup"),  # says that nobody signs up by themselves
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("reauthenticate/code/", factor.reauthenticate, name="mfa_reauthenticate"),
    path("reauthenticate/passkey/", passkey.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", forgotten_views.ask, name="account_reset_password"),
    path("password/reset/new/", forgotten_views.new_password, name="account_new_password"),
    path("sessions/", session_views.list_sessions, name="account_sessions"),
    path("sessions/others/end/", session_views.end_others, name="account_sessions_end_others"),
    path("sessions/<int:pk>/end/", session_views.end_one, name="account_session_end"),
    path("second-factor/rescue/", views.enter_rescue, name="account_rescue"),
    path("tokens/", token_views.tokens, name="account_tokens"),
    path("tokens/<int:pk>/revoke/", token_views.revoke, name="account_token_revoke"),
    path("second-factor/", factor.index, name="mfa_index"),
    path("second-factor/app/", views.SetUpApp.as_view(), name="mfa_activate_totp"),
    path("second-factor/app/remove/", views.RemoveApp.as_view(), name="mfa_deactivate_totp"),
    path("second-factor/passkey/", views.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("second-factor/passkey/<int:pk>/remove/", views.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("second-factor/codes/", views.ViewCodes.as_view(), name="mfa_view_recovery_codes"),
    path("second-factor/codes/new/", views.MakeCodes.as_view(), name="mfa_generate_recovery_codes"),
]
