"""The API: behind the same policy door as the pages; schema at /api/schema/."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from cases.api import CaseViewSet, EvidenceViewSet
from leads.api import ApplicationViewSet, CandidateViewSet, LeadViewSet, SearchViewSet
from parking.api.citation import CitationViewSet

router = SimpleRouter()
router.register("cases", CaseViewSet, basename="api-case")
router.register("evidence", EvidenceViewSet, basename="api-evidence")
router.register("searches", SearchViewSet, basename="api-search")
router.register("candidates", CandidateViewSet, basename="api-candidate")
router.register("leads", LeadViewSet, basename="api-lead")
router.register("applications", ApplicationViewSet, basename="api-application")
router.register("parking/citations", CitationViewSet, basename="api-citation")

urlpatterns = [
    *router.urls,
    path("", include("parking.api.urls")),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
]
