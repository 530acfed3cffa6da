"""Address of the one question."""

from django.urls import path

from parking.views import allowed

urlpatterns = [path("check/", allowed.check, name="check")]
