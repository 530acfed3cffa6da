"""Pages of the frame itself."""

from django.urls import path

from ecpd.web import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz/live", views.live, name="healthz-live"),
    path("healthz/ready", views.ready, name="healthz-ready"),
]
