"""The URL map."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

_ROOMS = [
    ("", "ecpd.web.urls"),
    ("policy/", "ecpd.policy.urls"),
    ("cases/", "cases.urls"),
    ("", "leads.urls"),
    ("api/", "ecpd.api_urls"),
]

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    *(path(prefix, include(module)) for prefix, module in _ROOMS if find_spec(module)),
]
