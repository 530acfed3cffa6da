"""GalleryFace and FaceVector: a face in a gallery photo, and its template in a narrow table."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from pgvector.django import HalfVectorField

from ecpd.audit.fixed import ALWAYS
from ecpd.audit.functions import of_an_app
from ecpd.audit.records import Ledger, Record, guard, refuse, unchanged
from ecpd.audit.sealed import Seal
from ecpd.checks.json_field import JSONField
from leads.models.erasing_v1 import ERASE_TEMPLATE
from leads.models.measured import LENGTH_WITHIN
from leads.models.optout import OptOut
from leads.models.photo import GalleryPhoto, is_of
from leads.models.shapes import BOX, LANDMARKS, QUALITY
from leads.models.source import GallerySource

PHOTO_OF_FACE = "leads_galleryface f JOIN leads_galleryphoto p ON p.id = f.photo_id"
# Who is found follows from what stands with a photo: nothing is added to a photo that was imported before.
WITH_ITS_PHOTO = f"""
IF NOT public.ecpd_noted('leads_galleryphoto', NEW.photo_id::text) THEN
    {refuse("FR-05", "A face comes with its photo, in the transaction that imports it.")}
END IF;
"""
WITH_ITS_FACE = f"""
IF NOT public.ecpd_noted('leads_galleryface', NEW.face_id::text) THEN
    {refuse("FR-05", "A template comes with its face, in the transaction that imports it.")}
END IF;
"""
# A template is measured once. It may be erased, under an opt-out in force that is of its photo, unless a list names it.
MEASURED_OR_ERASED = f"""
IF TG_OP = 'INSERT' THEN
    IF NEW.embedding IS NULL OR NEW.erased_under_id IS NOT NULL THEN
        {refuse("FR-06", "A template begins as it was measured.")}
    END IF;
    IF abs(public.l2_norm(NEW.embedding) - 1) > {LENGTH_WITHIN} THEN
        {refuse("FR-07", "A template has the length 1: its products with others are cosines.")}
    END IF;
    IF NOT EXISTS (SELECT 1 FROM {PHOTO_OF_FACE}
                   WHERE f.id = NEW.face_id AND f.model_id = NEW.model_id AND p.source_id = NEW.source_id) THEN
        {refuse("FR-05", "A template has the model of its face and the source of its photo.")}
    END IF;
ELSIF OLD.embedding IS DISTINCT FROM NEW.embedding OR OLD.erased_under_id IS DISTINCT FROM NEW.erased_under_id THEN
    IF OLD.embedding IS NULL OR NEW.embedding IS NOT NULL THEN
        {refuse("FR-06", "A template stays as it was measured, until it is erased for good.")}
    END IF;
    PERFORM 1 FROM leads_optout o, {PHOTO_OF_FACE}
        WHERE o.id = NEW.erased_under_id AND o.withdrawn_at IS NULL AND f.id = NEW.face_id AND {is_of("p")}
        FOR SHARE OF o;
    IF NOT FOUND THEN
        {refuse("FR-06", "A template is erased under an opt-out that is in force and of its photo.")}
    END IF;
    IF EXISTS (SELECT 1 FROM leads_candidate c WHERE c.face_id = NEW.face_id) THEN
        {refuse("FR-06", "A search record names this face: its template is out of use, and kept.")}
    END IF;
END IF;
"""
# Whether a template is searched is no choice: its source and the opt-outs say so.
FOLLOWS = f"""
IF TG_OP = 'UPDATE' AND OLD.active = NEW.active THEN RETURN NEW; END IF;
SELECT p.active AND NOT EXISTS (SELECT 1 FROM leads_optout o WHERE o.withdrawn_at IS NULL AND {is_of("p")}),
       EXISTS (SELECT 1 FROM leads_gallerysource s WHERE s.id = NEW.source_id AND s.withdrawn_at IS NULL)
    INTO may_be_shown, source_stands FROM {PHOTO_OF_FACE} WHERE f.id = NEW.face_id;
IF NEW.active AND may_be_shown IS NOT TRUE THEN
    {refuse("FR-06", "The person in this photo opted out; the face is not searched.")}
END IF;
IF NEW.active AND source_stands IS NOT TRUE THEN
    {refuse("FR-05", "The source of this face was withdrawn; the face is not searched.")}
END IF;
IF NOT NEW.active AND may_be_shown AND source_stands THEN
    {refuse("FR-05", "A face is searched until its source is withdrawn or its photo opted out.")}
END IF;
"""
of_an_app(ERASE_TEMPLATE)


class GalleryFace(Ledger):
    """A face: box [x, y, width, height] and five landmarks in pixels of the photo; quality measures by name."""

    photo = models.ForeignKey(GalleryPhoto, on_delete=models.PROTECT, related_name="faces")
    ordinal = models.PositiveSmallIntegerField()
    box = JSONField(shape=BOX)
    landmarks = JSONField(shape=LANDMARKS)
    score = models.FloatField()
    quality = JSONField(shape=QUALITY, default=dict)
    model_id = models.CharField(max_length=128)

    class Meta(Ledger.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(name="gallery_face_once", fields=["photo", "ordinal", "model_id"]),
        ]
        triggers = [*Ledger.Meta.triggers, guard("fr_05_with_its_photo", WITH_ITS_PHOTO, on=pgtrigger.Insert)]

    def __str__(self) -> str:
        return f"Face {self.ordinal} of {self.photo}"


class FaceVector(models.Model):
    """A template: halfvec(512) of length 1. Kept apart and STORAGE PLAIN, so that an exact scan stays in one table.

    `active` is false once the source is withdrawn or the photo opted out. Templates of other models are never
    compared: every scan names a model id. The chain seals it by its SHA-256. An erased one is a tombstone: no template,
    and the opt-out under which it went.
    """

    may_change = dict.fromkeys(("active", "embedding", "erased_under_id"), ALWAYS)  # its own guards say when
    born_with = ("embedding",)
    row_seal = Seal(
        by_hash=("embedding",),
        erased="embedding",
        founded=f"EXISTS (SELECT 1 FROM leads_optout o, {PHOTO_OF_FACE} "
        f"WHERE o.id = t.erased_under_id AND f.id = t.face_id AND {is_of('p')})",
    )
    application_changes: ClassVar[tuple[str, ...]] = ("active",)

    face = models.OneToOneField(GalleryFace, primary_key=True, on_delete=models.PROTECT, related_name="vector")
    model_id = models.CharField(max_length=128)
    source = models.ForeignKey(GallerySource, on_delete=models.PROTECT, related_name="+", db_index=False)
    active = models.BooleanField(default=True)
    embedding = HalfVectorField(dimensions=512, null=True)
    erased_under = models.ForeignKey(OptOut, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="fr_06_tombstone",
                condition=Q(embedding__isnull=False, erased_under__isnull=True)
                | Q(embedding__isnull=True, erased_under__isnull=False, active=False),
                violation_error_message="An erased template names its opt-out, and is not searched (FR-06).",
            )
        ]
        triggers = [
            *Record.Meta.triggers,
            guard("fr_05_with_its_face", WITH_ITS_FACE, on=pgtrigger.Insert),
            guard("fr_06_measured_or_erased", MEASURED_OR_ERASED, on=pgtrigger.Insert | pgtrigger.Update),
            guard(
                "fr_06_searched_as_said",
                FOLLOWS,
                on=pgtrigger.Insert | pgtrigger.Update,
                declare=[("may_be_shown", "boolean"), ("source_stands", "boolean")],
            ),
            unchanged(
                "fr_05_template_fixed", ["model_id", "source_id"], "FR-05", "A template keeps its model and source."
            ),
        ]

    def __str__(self) -> str:
        return f"Template of face {self.pk}"
