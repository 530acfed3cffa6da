"""Warrant applications."""

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from ecpd.policy import engine as policy
from leads.models import WarrantApplication, WarrantDecision
from leads.models.lead import LEAD_ONLY
from leads.selectors.warrant import applications_visible_to


class WarrantDecisionSerializer(serializers.ModelSerializer):
    """A captain's decision."""

    captain = serializers.CharField(source="captain.display_name")

    class Meta:
        model = WarrantDecision
        fields = ["captain", "outcome", "reasons", "at"]


class ApplicationSerializer(serializers.ModelSerializer):
    """An application with its decisions."""

    lead = serializers.CharField(source="lead.number")
    case = serializers.CharField(source="lead.case.case_number")
    applicant = serializers.CharField(source="applicant.display_name")
    decisions = WarrantDecisionSerializer(many=True)
    notice = serializers.SerializerMethodField()

    class Meta:
        model = WarrantApplication
        fields = ["number", "lead", "case", "applicant", "statement", "does_not_fit", "state", "submitted_at",
                  "decided_at", "packet_sha256", "decisions", "notice"]  # fmt: skip

    def get_notice(self, application: WarrantApplication) -> str:
        """FR-09's sentence."""
        return LEAD_ONLY


@extend_schema(tags=["applications"])
class ApplicationViewSet(viewsets.GenericViewSet):
    """Applications of cases this person may see."""

    serializer_class = ApplicationSerializer
    lookup_field = "number"
    lookup_value_regex = r"W-\d{2}-\d{4,6}"
    queryset = WarrantApplication.objects.none()

    def get_queryset(self):
        """With decisions."""
        return applications_visible_to(self.request.user).prefetch_related("decisions__captain")

    def list(self, request):
        """Applications, newest first."""
        found = self.get_queryset().order_by("-id")
        if not request.user.may("warrant.view"):
            found = found.none()
        return self.get_paginated_response(self.get_serializer(self.paginate_queryset(found), many=True).data)

    @extend_schema(parameters=[OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH)])
    def retrieve(self, request, number: str):
        """One application."""
        application = get_object_or_404(self.get_queryset(), number=number)
        policy.authorize(request.user, "warrant.view", application)
        return Response(self.get_serializer(application).data)
