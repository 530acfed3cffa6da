"""Warrant applications."""

from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from cases.finding import the_one
from ecpd.policy import engine as policy
from leads.api.notice import NoticeField, NoticePagination
from leads.models import WarrantApplication, WarrantDecision, WarrantStep
from leads.selectors.warrant import applications_visible_to


class WarrantDecisionSerializer(serializers.ModelSerializer):
    """A captain's decision."""

    captain = serializers.CharField(source="captain.display_name")

    class Meta:
        model = WarrantDecision
        fields = ["captain", "outcome", "reasons", "at"]


class WarrantStepSerializer(serializers.ModelSerializer):
    """What happened to an application after the captain's decision; a version of its packet is named by its hash."""

    by = serializers.CharField(source="by.display_name")

    class Meta:
        model = WarrantStep
        fields = ["kind", "happened_on", "whom", "warrant_number", "words", "version", "packet_sha256", "by", "at"]


class ApplicationSerializer(serializers.ModelSerializer):
    """An application with its decisions."""

    lead = serializers.CharField(source="lead.number")
    case = serializers.CharField(source="lead.case.case_number")
    applicant = serializers.CharField(source="applicant.display_name")
    decisions = WarrantDecisionSerializer(many=True)
    after = WarrantStepSerializer(many=True)
    identity = serializers.CharField(allow_null=True)
    notice = NoticeField()

    class Meta:
        model = WarrantApplication
        fields = ["number", "lead", "case", "applicant", "asks_for", "court", "identity", "statement",
                  "does_not_fit", "state", "submitted_at",
                  "decided_at", "packet_sha256", "decisions", "after", "notice"]  # fmt: skip


@extend_schema(tags=["applications"])
class ApplicationViewSet(viewsets.GenericViewSet):
    """Applications of cases this person may see."""

    serializer_class = ApplicationSerializer
    lookup_field = "number"
    lookup_value_regex = r"W-\d{2}-\d{4,6}"
    pagination_class = NoticePagination
    queryset = WarrantApplication.objects.none()

    def get_queryset(self):
        """With decisions."""
        return applications_visible_to(self.request.user, listed=not self.detail).prefetch_related(
            "decisions__captain", Prefetch("after", queryset=WarrantStep.objects.select_related("by").defer("sections"))
        )

    def list(self, request):
        """Applications, newest first."""
        policy.authorize_role(request.user, "warrant.view")
        page = self.paginate_queryset(self.get_queryset().order_by("-id"))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request, number: str):
        """One application."""
        application = the_one(self.get_queryset(), request.user, "warrant.view", number=number)
        policy.authorize(request.user, "warrant.view", application)
        return Response(self.get_serializer(application).data)
