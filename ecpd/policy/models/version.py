"""ManualVersion: the parameters of the manual from a moment on."""

import pgtrigger
from django.db import models
from django.utils import timezone

from ecpd.audit.records import Ledger, guard, refuse

# A version either carries out an approved amendment, exactly, or a release adds parameters and changes none. Laying the
# old parameters over the new ones must change nothing: `@>` would not do, since it lets a list grow.
VERSION_FOLLOWS_AMENDMENT = f"""
SELECT parameters, effective_from INTO before, since FROM policy_manualversion
    ORDER BY effective_from DESC, id DESC LIMIT 1;
IF before IS NULL THEN
    RETURN NEW;
END IF;
IF NEW.effective_from < since THEN
    {refuse("AU-04", "A version cannot take effect before the one it follows.")}
END IF;
IF NEW.amendment_id IS NULL THEN
    IF (NEW.parameters || before) IS DISTINCT FROM NEW.parameters THEN
        {refuse("AU-04", "Parameters change only by an amendment that the chief approved.")}
    END IF;
    RETURN NEW;
END IF;
SELECT changes INTO wanted FROM policy_amendment WHERE id = NEW.amendment_id AND state = 'approved';
IF wanted IS NULL OR NEW.parameters <> before || wanted THEN
    {refuse("AU-04", "A version carries out an approved amendment and nothing else.")}
END IF;
"""


class ManualVersion(Ledger):
    """All parameters of the manual, in force from `effective_from` until the next version."""

    number = models.CharField(max_length=20, unique=True)
    effective_from = models.DateTimeField()
    parameters = models.JSONField()
    amendment = models.OneToOneField(
        "policy.Amendment",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="version",
        verbose_name="carries out",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-effective_from", "-id"]
        triggers = [
            *Ledger.Meta.triggers,
            guard(
                "au_04_version_follows_amendment",
                VERSION_FOLLOWS_AMENDMENT,
                on=pgtrigger.Insert,
                declare=[("before", "jsonb"), ("wanted", "jsonb"), ("since", "timestamptz")],
            ),
        ]

    def __str__(self) -> str:
        return f"Manual {self.number}"

    @property
    def is_in_force(self) -> bool:
        """Whether it has taken effect (a later version may have replaced it)."""
        return self.effective_from <= timezone.now()
