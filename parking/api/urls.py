"""Addresses of parking's API, under /api/."""

from django.urls import path

from parking.api import reads

urlpatterns = [
    path("parking/reads/<str:token>", reads.ReadsView.as_view(), name="api-parking-reads"),
    path("parking/images/<str:token>/<str:sha256>", reads.ImageView.as_view(), name="api-parking-image"),
]
