"""Addresses of exempt plates."""

from django.urls import path

from parking.views import exemption

urlpatterns = [
    path("permit-desk/exempt/", exemption.listing, name="exemptions"),
    path("permit-desk/exempt/import/", exemption.import_list, name="exemption-import"),
    path("permit-desk/exempt/imports/<int:pk>/left-out.csv", exemption.report, name="exemption-report"),
    path("permit-desk/exempt/<int:pk>/end/", exemption.end, name="exemption-end"),
]
