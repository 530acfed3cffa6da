"""ManualVersion: the parameters of the manual from a moment on."""

import pgtrigger
from django.db import models
from django.utils import timezone

from ecpd.audit.records import Ledger, guard, refuse
from ecpd.checks.json_field import JSONField

# A version says what the manual is from a moment on: the first version, and every amendment that has taken effect by
# then, each in its own settings only. The database works that out by itself (`ecpd_manual_at`) and takes nothing else.
VERSION_FOLLOWS_AMENDMENT = f"""
PERFORM 1 FROM policy_amendment WHERE id = (SELECT min(id) FROM policy_amendment) FOR UPDATE;
SELECT max(serial) INTO newest FROM policy_manualversion;
IF NEW.serial IS DISTINCT FROM COALESCE(newest + 1, 0) OR NEW.number IS DISTINCT FROM '1.' || NEW.serial THEN
    {refuse("AU-04", "The versions of the manual are numbered one after the other.")}
END IF;
IF newest IS NULL THEN
    IF NEW.amendment_id IS NOT NULL
       OR NEW.parameters IS DISTINCT FROM (SELECT jsonb_object_agg(name, value) FROM policy_releasedefault) THEN
        {refuse("AU-04", "The first version is the release's.")}
    END IF;
    RETURN NEW;
END IF;
IF NEW.amendment_id IS NULL THEN
    {refuse("AU-04", "Parameters change only by an amendment that the chief approved.")}
END IF;
SELECT effective_at INTO since FROM policy_amendment WHERE id = NEW.amendment_id AND state = 'approved';
IF since IS NULL OR NEW.parameters IS DISTINCT FROM ecpd_manual_at(since) THEN
    {refuse("AU-04", "A version carries out an approved amendment and nothing else.")}
END IF;
IF NEW.effective_from IS DISTINCT FROM since THEN
    {refuse("AU-04", "A version takes effect when its amendment does.")}
END IF;
IF EXISTS (SELECT 1 FROM policy_manualversion v WHERE v.amendment_id = NEW.amendment_id)
   AND NEW.effective_from <= ecpd_now() THEN
    {refuse("AU-04", "What was in force is not written anew.")}
END IF;
"""


class ManualVersion(Ledger):
    """All parameters of the manual, in force from `effective_from` until the next version.

    When an amendment takes effect before one that was approved earlier, the later one's version is written anew with
    both; of two versions with the same beginning the newer one counts.
    """

    serial = models.PositiveIntegerField(unique=True)
    number = models.CharField(max_length=20, unique=True)
    effective_from = models.DateTimeField()
    parameters = JSONField(shape="o")
    amendment = models.ForeignKey(
        "policy.Amendment",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="versions",
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
                declare=[("newest", "int"), ("since", "timestamptz")],
            ),
        ]

    def __str__(self) -> str:
        return f"Manual {self.number}"

    @property
    def is_in_force(self) -> bool:
        """Whether it has taken effect (a later version may have replaced it)."""
        return self.effective_from <= timezone.now()
