"""What makes cases one matter by what people enter: the number of the incident, and a link (FR-02, FR-24).

That a probe was searched for in two cases makes them one too (`leads.models.history_v1`); nobody enters that.
"""

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Replace

from cases.models.by_name import adds, by_name
from cases.models.case import Case
from cases.models.still_empty_v1 import STILL_EMPTY
from ecpd.audit.anchors import ADDED_OR_CHANGED, holds, in_case
from ecpd.audit.functions import of_an_app
from ecpd.audit.records import Record, guard, marked_now, recorded_now, refuse
from ecpd.checks.sql import says

of_an_app(STILL_EMPTY)
NUMBER = r"^[A-Z0-9]+(-[A-Z0-9]+)*$"
# Who writes in any of the cases that a tie makes one matter, or opens a packet there, waits for it (FR-13).
OF_THE_NUMBER = """SELECT NEW.case_id UNION SELECT n.case_id FROM cases_incidentnumber n
    WHERE replace(n.number, '-', '') = replace(NEW.number, '-', '')"""
# Who enters the same number in another case at once sees no row of it yet.
ONE_NUMBER = "PERFORM pg_advisory_xact_lock(hashtext('cases.number'), hashtext(replace(NEW.number, '-', '')));\n"
# The other case is one that the person sees: a link to a sealed case would bind it, and tell that it is there.
SEES_THE_OTHER = f"""
IF NOT EXISTS (SELECT 1 FROM guardian_userobjectpermission g JOIN auth_permission p ON p.id = g.permission_id
               JOIN django_content_type t ON t.id = g.content_type_id
               WHERE t.app_label = 'cases' AND t.model = 'case' AND p.codename = 'view_case'
                 AND g.object_pk = NEW.other_id::text AND g.user_id = NEW.entered_by_id)
   AND EXISTS (SELECT 1 FROM cases_case k WHERE k.id = NEW.other_id AND k.sealed) THEN
    {refuse("AC-04", "A sealed case is linked to by who is named on it.")}
END IF;
"""


class _Tie(Record):
    """Entered by somebody on the case; taken back by a captain with a reason. It stays on the record, and what was known of a
    face stays known in all its cases, unless it tied one that held nothing yet (`cases.models.still_empty_v1`)."""

    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.TextField(blank=True)

    once = ("withdrawn_by_id", "withdrawn_at", "withdrawn_reason")

    class Meta(Record.Meta):
        abstract = True
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            *Record.Meta.triggers,
            in_case("NEW.case_id"),
            by_name("entered_by_id", "withdrawn_by_id"),
            adds("entered_by_id"),
            recorded_now("fr_13_tied_now", "entered_at"),
            marked_now("fr_13_untied_now", "withdrawn_at"),
        ]


class IncidentNumber(_Tie):
    """The number under which the dispatch or the records system knows the event of a case."""

    class System(models.TextChoices):
        """Where the number comes from."""

        DISPATCH = "dispatch", "Dispatch"
        RECORDS = "records", "Records"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="incident_numbers")
    system = models.CharField(max_length=8, choices=System.choices)
    number = models.CharField(
        max_length=40,
        validators=[RegexValidator(NUMBER, "Letters and digits with single hyphens, as “26-014233”.")],
    )

    class Meta(_Tie.Meta):
        abstract = False
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="fr_02_number_spelled_once",
                condition=Q(number__regex=NUMBER),
                violation_error_message="A number of an incident is letters and digits with single hyphens (FR-02).",
            ),
            models.CheckConstraint(
                name="ac_07_number_withdrawn_reason",
                condition=Q(withdrawn_at__isnull=True) | (Q(withdrawn_by__isnull=False) & says("withdrawn_reason")),
                violation_error_message="A number is taken back for a reason.",
            ),
        ]
        triggers = [*_Tie.Meta.triggers, holds(OF_THE_NUMBER, first=ONE_NUMBER, on=ADDED_OR_CHANGED)]
        indexes = [models.Index(Replace("number", Value("-"), Value("")), name="case_of_incident")]

    def __str__(self) -> str:
        return f"{self.get_system_display()} {self.number}"


class CaseLink(_Tie):
    """Two cases are one event, somebody says; what is known of a face in one counts in the other."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    other = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="linked_from")
    why = models.TextField("why they are one matter")

    class Meta(_Tie.Meta):
        abstract = False
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="fr_24_linked_to_another",
                condition=~Q(case=F("other")),
                violation_error_message="A case is linked to another one (FR-24).",
            ),
            models.CheckConstraint(
                name="ac_07_link_withdrawn_reason",
                condition=Q(withdrawn_at__isnull=True) | (Q(withdrawn_by__isnull=False) & says("withdrawn_reason")),
                violation_error_message="A link is taken back for a reason.",
            ),
        ]
        triggers = [
            *_Tie.Meta.triggers,
            holds("NEW.case_id, NEW.other_id", on=ADDED_OR_CHANGED),
            guard("ac_04_sees_the_other", SEES_THE_OTHER, on=pgtrigger.Insert),
        ]

    def __str__(self) -> str:
        return f"{self.case} and {self.other}"
