"""The API of searches, candidates, leads and applications. Every answer that speaks of a lead says what it is (FR-09)."""

from leads.api.lead import LeadViewSet
from leads.api.search import CandidateViewSet, SearchViewSet
from leads.api.warrant import ApplicationViewSet

__all__ = ["ApplicationViewSet", "CandidateViewSet", "LeadViewSet", "SearchViewSet"]
