"""TrainingCertificate: what a person was trained in, and until when it counts (FR-20)."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ecpd.accounts.models.granted import THE_OWNER, another_of, decided
from ecpd.accounts.roles import ACTIONS
from ecpd.audit.records import Record, guard, marked_now, refuse, unchanged

COVERS = ("covers_limits", "covers_group_errors", "covers_lineups")


def _issuer(person: str) -> str:
    """SQL: whether this account is one that issues and suspends certificates, by the role table."""
    return " OR ".join(
        f"public.ecpd_has_role({person}, '{role}')" for role in sorted(ACTIONS["certificate.issue"].roles)
    )


_ISSUED_BY_ANOTHER = f"""
IF NEW.issued_by_id = NEW.holder_id THEN
    {refuse("FR-20", "Nobody issues a certificate to himself.")}
END IF;
IF NOT ({_issuer("NEW.issued_by_id")}) THEN
    {refuse("FR-20", "An administrator or the chief issues certificates.")}
END IF;
IF NEW.suspended_at IS NOT NULL OR NEW.suspended_by_id IS NOT NULL OR NEW.suspended_reason <> '' THEN
    {refuse("FR-20", "A certificate is issued first and suspended later.")}
END IF;
"""
_DIFFERS = " OR ".join(
    f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in ("suspended_at", "suspended_by_id", "suspended_reason")
)
_SUSPENDED_ONCE = f"""
IF {_DIFFERS} THEN
    IF OLD.suspended_at IS NOT NULL THEN
        {refuse("FR-20", "A suspension stays as it is; a new certificate takes a new training.")}
    END IF;
    IF NEW.suspended_by_id IS NULL OR NOT ({_issuer("NEW.suspended_by_id")}) THEN
        {refuse("FR-20", "An administrator or the chief suspends certificates, by name.")}
    END IF;
    IF NEW.suspended_reason !~ '[[:alpha:]]{{3}}' THEN
        {refuse("FR-20", "A suspension gives its reason in words.")}
    END IF;
    IF NEW.suspended_at IS NULL THEN
        {refuse("FR-20", "A suspension takes effect when it is entered.")}
    END IF;
END IF;
"""

_BY_A_DECISION = f"""
IF NOT ({THE_OWNER} OR {
    decided(
        "certificate.issue",
        about="accounts.user",
        which="d.subject_id = NEW.holder_id::text AND d.actor_id = NEW.issued_by_id",
        who=another_of(ACTIONS["certificate.issue"].roles, "NEW.holder_id"),
    )
}) THEN
    {refuse("FR-20", "A certificate is issued with its issuer's decision on this holder.")}
END IF;
"""


class CertificateQuerySet(models.QuerySet):
    """Certificates by whether they count."""

    def current(self, kind: str):
        """Those of this kind that count today: begun, not expired, not suspended; the longest first.

        A suspension ends every one of its kind that was issued until that day: a twin of it is no way round.
        """
        today = timezone.localdate()
        ended = self.model._default_manager.filter(
            holder=models.OuterRef("holder"), kind=kind, suspended_at__date__gte=models.OuterRef("issued_on")
        )
        counts = self.filter(kind=kind, issued_on__lte=today, expires_on__gte=today, suspended_at__isnull=True)
        return counts.exclude(models.Exists(ended)).order_by("-expires_on")


class TrainingCertificate(Record):
    """A certificate. It covers what FR-20 names, or the database refuses it."""

    class Kind(models.TextChoices):
        """What the training was in."""

        FACIAL_RECOGNITION = "facial_recognition", "Facial recognition"
        LINEUP = "lineup", "Line-up administration"

    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="certificates")
    kind = models.CharField(max_length=30, choices=Kind.choices, default=Kind.FACIAL_RECOGNITION)
    course = models.CharField(max_length=200, help_text="Course, provider and trainer.")
    covers_limits = models.BooleanField("covers the limits of the technology", default=False)
    covers_group_errors = models.BooleanField("covers error differences between groups of people", default=False)
    covers_lineups = models.BooleanField("covers line-up rules", default=False)
    issued_on = models.DateField()
    expires_on = models.DateField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    suspended_reason = models.TextField(blank=True)

    objects = CertificateQuerySet.as_manager()

    once = ("suspended_at", "suspended_by_id", "suspended_reason")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-expires_on"]
        constraints = [
            models.CheckConstraint(
                name="fr_20_certificate_covers",
                condition=~Q(kind="facial_recognition")
                | Q(covers_limits=True, covers_group_errors=True, covers_lineups=True),
                violation_error_message="A facial-recognition certificate covers the limits of the technology, error "
                "differences between groups of people, and line-up rules (FR-20).",
            ),
            models.CheckConstraint(
                name="fr_20_certificate_expires",
                condition=Q(expires_on__gt=F("issued_on")),
                violation_error_message="The certificate ends after it begins.",
            ),
        ]
        triggers = [
            *Record.Meta.triggers,
            guard(
                "fr_20_certificate_term",
                "IF NEW.expires_on > NEW.issued_on + make_interval(months => ecpd_parameter_int('certificate_months'))"
                f" THEN {refuse('FR-20', 'A certificate cannot run longer than the manual allows.')} END IF;",
                on=pgtrigger.Insert,
            ),
            guard("fr_20_certificate_issuer", _ISSUED_BY_ANOTHER, on=pgtrigger.Insert),
            guard("zz_fr_20_by_decision", _BY_A_DECISION, on=pgtrigger.Insert),
            guard("fr_20_certificate_suspended", _SUSPENDED_ONCE, on=pgtrigger.Update),
            marked_now("fr_20_suspended_now", "suspended_at"),
            unchanged(
                "fr_20_certificate_fixed",
                ["holder_id", "kind", "course", "issued_on", "expires_on", "issued_by_id", *COVERS],
                "FR-20",
                "A certificate cannot be changed; suspend it and issue another.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} certificate of {self.holder}, until {self.expires_on:%b %-d, %Y}"

    @property
    def is_current(self) -> bool:
        """Whether it counts today."""
        return type(self).objects.current(self.kind).filter(pk=self.pk).exists()
