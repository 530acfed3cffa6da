"""The filters of the list of cases: words, status, offense class, mine."""

import django_filters
from django.db.models import Count, Q, QuerySet

from cases.models import Case, NibrsOffense
from cases.selectors import matching


class CaseFilter(django_filters.FilterSet):
    """Every parameter is checked; one that makes no sense leaves the list as it is."""

    q = django_filters.CharFilter(method="by_words", max_length=200)
    status = django_filters.ChoiceFilter(choices=Case.Status.choices)
    against = django_filters.ChoiceFilter(field_name="offense__crime_against", choices=NibrsOffense.Against.choices)
    mine = django_filters.ChoiceFilter(choices=[("1", "Mine")], method="by_mine")

    class Meta:
        model = Case
        fields: list[str] = []

    def by_words(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Number, title, place, people, text."""
        return matching(queryset, value)

    def by_mine(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Cases this person works on or commands."""
        user = self.request.user
        return queryset.filter(Q(pk__in=assigned_to(user)) | Q(captain=user))

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is set."""
        return any(self.data.get(name) for name in ("q", "status", "against", "mine"))


def assigned_to(user) -> QuerySet:
    """Keys of the cases a person works on now."""
    return user.case_assignments.filter(ended_at__isnull=True).values("case_id")


def counts(cases: QuerySet, user) -> dict[str, dict[str, int]]:
    """How many of these cases have each status and offense class, and how many are the person's."""
    mine = Q(pk__in=assigned_to(user)) | Q(captain=user)
    rows = cases.order_by().values("status", "offense__crime_against").annotate(
        all=Count("pk"), mine=Count("pk", filter=mine)
    )  # fmt: skip
    found: dict[str, dict[str, int]] = {"status": {}, "against": {}, "mine": {"1": 0, "": 0}}
    for row in rows:
        for name, key in (("status", row["status"]), ("against", row["offense__crime_against"])):
            found[name][key] = found[name].get(key, 0) + row["all"]
        found["mine"]["1"] += row["mine"]
        found["mine"][""] += row["all"]
    return found
