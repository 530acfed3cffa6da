"""Addresses of the figures."""

from django.urls import path

from parking.views import figures

urlpatterns = [
    path("figures/", figures.page, name="figures"),
    path("figures.csv", figures.as_csv, name="figures-csv"),
]
