"""Addresses of zones."""

from django.urls import path

from parking.views import zone

urlpatterns = [
    path("zones/", zone.listing, name="zones"),
    path("zones/map.json", zone.features, name="zone-features"),
    path("zones/draw/", zone.draw, name="zone-draw"),
    path("zones/import/", zone.import_page, name="zone-import"),
    path("zones/export/", zone.export_page, name="zone-export-page"),
    path("zones/export.zip", zone.export, name="zone-export"),
    path("zones/<uuid:pk>/", zone.detail, name="zone"),
    path("zones/<uuid:pk>/change/", zone.change, name="zone-change"),
    path("zones/<uuid:pk>/rules/", zone.change_rules, name="zone-rules"),
    path("zones/<uuid:pk>/end/", zone.end, name="zone-end"),
]
