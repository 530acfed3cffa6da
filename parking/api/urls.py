"""Addresses of parking's API, under /api/."""

from django.urls import path

from parking.api import allowed, curbs, makers, reads

INGEST = "parking/ingest/"
CURBS = "parking/curbs/"
KINDS = ("zones", "areas", "spaces", "policies")

urlpatterns = [
    path("parking/reads/<str:token>", reads.ReadsView.as_view(), name="api-parking-reads"),
    path("parking/images/<str:token>/<str:sha256>", reads.ImageView.as_view(), name="api-parking-image"),
    path(INGEST + "rekor/<str:token>", makers.RekorView.as_view(), name="api-parking-rekor"),
    path(INGEST + "platerecognizer/<str:token>", makers.PlateRecognizerView.as_view(), name="api-parking-stream"),
    path(INGEST + "sharpv/<str:token>", makers.SharpVView.as_view(), name="api-parking-sharpv"),
    path("parking/allowed", allowed.AllowedView.as_view(), name="api-parking-allowed"),
    path(CURBS + "objects", curbs.not_implemented, name="cds-objects"),
    *(path(f"{CURBS}{kind}", curbs.listing, {"kind": kind}, name=f"cds-{kind}") for kind in KINDS),
    *(path(f"{CURBS}{kind}/<uuid:pk>", curbs.single, {"kind": kind}, name=f"cds-{kind}-one") for kind in KINDS),
]
