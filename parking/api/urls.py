"""Addresses of parking's API, under /api/."""

from django.urls import path

from parking.api import makers, reads

INGEST = "parking/ingest/"

urlpatterns = [
    path("parking/reads/<str:token>", reads.ReadsView.as_view(), name="api-parking-reads"),
    path("parking/images/<str:token>/<str:sha256>", reads.ImageView.as_view(), name="api-parking-image"),
    path(INGEST + "rekor/<str:token>", makers.RekorView.as_view(), name="api-parking-rekor"),
    path(INGEST + "platerecognizer/<str:token>", makers.PlateRecognizerView.as_view(), name="api-parking-stream"),
    path(INGEST + "sharpv/<str:token>", makers.SharpVView.as_view(), name="api-parking-sharpv"),
]
