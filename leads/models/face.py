"""GalleryFace and FaceVector: a face in a gallery photo, and its template in a narrow table (DESIGN 7)."""

from django.db import models
from pgvector.django import HalfVectorField

from ecpd.audit.records import Record
from ecpd.audit.sealed import Seal
from leads.models.photo import GalleryPhoto
from leads.models.source import GallerySource


class GalleryFace(Record):
    """A face: box [x, y, width, height] and five landmarks in pixels of the photo; quality measures by name."""

    photo = models.ForeignKey(GalleryPhoto, on_delete=models.PROTECT, related_name="faces")
    ordinal = models.PositiveSmallIntegerField()
    box = models.JSONField()
    landmarks = models.JSONField()
    score = models.FloatField()
    quality = models.JSONField(default=dict)
    model_id = models.CharField(max_length=128)

    class Meta(Record.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(name="gallery_face_once", fields=["photo", "ordinal", "model_id"]),
        ]

    def __str__(self) -> str:
        return f"Face {self.ordinal} of {self.photo}"


class FaceVector(models.Model):
    """A template: halfvec(512) of length 1. Kept apart and STORAGE PLAIN, so that an exact scan stays in one table.

    `active` is false once the photo is withdrawn or its subject opted out. Templates of other models are never
    compared: every scan names a model id. The chain seals it by its SHA-256.
    """

    row_seal = Seal(by_hash=("embedding",))

    face = models.OneToOneField(GalleryFace, primary_key=True, on_delete=models.PROTECT, related_name="vector")
    model_id = models.CharField(max_length=128)
    source = models.ForeignKey(GallerySource, on_delete=models.PROTECT, related_name="+", db_index=False)
    active = models.BooleanField(default=True)
    embedding = HalfVectorField(dimensions=512)

    class Meta:
        triggers = Record.Meta.triggers

    def __str__(self) -> str:
        return f"Template of face {self.pk}"
