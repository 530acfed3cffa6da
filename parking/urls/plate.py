"""Addresses of plate data."""

from django.urls import path

from parking.views import plate

urlpatterns = [
    path("plates/", plate.lookup, name="plate-lookup"),
    path("plates/holds/", plate.holds, name="plate-holds"),
    path("plates/holds/<int:pk>/release/", plate.release, name="plate-release"),
    path("plates/purge/", plate.purge_now, name="plate-purge"),
    path("plates/sharing/", plate.shares, name="plate-shares"),
    path("plates/sharing/agencies/", plate.enter_agency, name="plate-agency"),
    path("plate-access/", plate.public_figures, name="plate-access"),
    path("plate-access.csv", plate.public_figures_csv, name="plate-access-csv"),
]
