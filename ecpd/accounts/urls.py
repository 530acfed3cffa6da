"""Addresses of signing in and of one's own password: of allauth's pages those that are in use here, and no others.

Accounts are made, and forgotten passwords set anew, by an administrator: there is no way in by e-mail beside the
sign-in (AC-01), so pages for addresses and mailed links are not served.
"""

from allauth.account import views
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import TemplateView

forgotten = TemplateView.as_view(template_name="account/password_reset.html")

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("signup/", views.signup, name="account_signup"),  # says that nobody signs up by themselves
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/reset/", login_not_required(forgotten), name="account_reset_password"),
]
