"""Addresses of the officer's console."""

from django.urls import path

from parking.views import console

urlpatterns = [
    path("console/", console.console, name="console"),
    path("console/live/", console.live, name="console-live"),
    path("alerts/<uuid:pk>/", console.detail, name="alert"),
    path("alerts/<uuid:pk>/confirm/", console.confirm, name="alert-confirm"),
    path("alerts/<uuid:pk>/dismiss/", console.dismiss, name="alert-dismiss"),
    path("pictures/<int:pk>/", console.picture, name="picture"),
]
