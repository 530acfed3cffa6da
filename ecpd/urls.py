"""The URL map."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("accounts/", include("ecpd.accounts.urls")),
    path("admin/", admin.site.urls),
    path("", include("ecpd.web.urls")),
    path("policy/", include("ecpd.policy.urls")),
    path("cases/", include("cases.urls")),
    path("", include("leads.urls")),
    path("parking/", include("parking.urls")),
    path("api/", include("ecpd.api_urls")),
]

handler400 = "ecpd.web.problems.bad_request"
handler404 = "ecpd.web.problems.not_found"
handler500 = "ecpd.web.problems.server_error"
