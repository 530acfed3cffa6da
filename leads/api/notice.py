"""FR-09 in the API: every answer about searches, candidates, leads and applications says what it is."""

from rest_framework import serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.response import Response

from leads.models.lead import LEAD_ONLY


class NoticeField(serializers.CharField):
    """FR-09's sentence, whatever the row holds."""

    def __init__(self) -> None:
        super().__init__(source="*", read_only=True, help_text="What this is, and what it is not (FR-09).")

    def to_representation(self, value) -> str:
        """The sentence."""
        return LEAD_ONLY


class NoticePagination(PageNumberPagination):
    """Pages of a list that say what it is, also when nothing is on them."""

    def get_paginated_response(self, data) -> Response:
        """The page with the sentence beside its rows."""
        response = super().get_paginated_response(data)
        response.data = {"notice": LEAD_ONLY} | response.data
        return response

    def get_paginated_response_schema(self, schema: dict) -> dict:
        """The page's shape."""
        page = super().get_paginated_response_schema(schema)
        page["properties"] = {"notice": {"type": "string", "example": LEAD_ONLY}} | page["properties"]
        page["required"] = ["notice", *page["required"]]
        return page
