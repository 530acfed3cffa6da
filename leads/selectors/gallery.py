"""Reads of the gallery: sources with their counts, imports, rejected files, opt-outs."""

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from leads.models import FaceVector, GalleryPhoto, GallerySource, ImportBatch, ImportReject, ModelCard, OptOut


def source_list() -> QuerySet[GallerySource]:
    """Sources with `photo_count`, `face_count` (those searched now) and who added them."""
    photos = _count(GalleryPhoto.objects.filter(source=OuterRef("pk")), "source")
    faces = _count(FaceVector.objects.filter(source=OuterRef("pk"), active=True), "source")
    return GallerySource.objects.select_related("added_by", "withdrawn_by").annotate(
        photo_count=photos, face_count=faces
    )


def _count(rows: QuerySet, by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def photos_of(source: GallerySource) -> QuerySet[GalleryPhoto]:
    """The photos of a source, newest first, with their subject and number of faces."""
    return (
        GalleryPhoto.objects.filter(source=source)
        .select_related("subject", "file")
        .annotate(face_count=Count("faces"))
        .order_by("-id")
    )


def photos_matching(photos: QuerySet[GalleryPhoto], words: str) -> QuerySet[GalleryPhoto]:
    """Photos whose page, caption, published name or hash contains the words."""
    words = words.strip()
    if not words:
        return photos
    named = Q(source_url__icontains=words) | Q(caption__icontains=words) | Q(subject__published_name__icontains=words)
    return photos.filter(named | Q(sha256__startswith=words.lower()))


def batch_list() -> QuerySet[ImportBatch]:
    """Imports, newest first."""
    return ImportBatch.objects.select_related("source", "requested_by")


def rejects_of(batch: ImportBatch) -> QuerySet[ImportReject]:
    """The files of an import that were not taken, in order."""
    return batch.rejects.order_by("id")


def opt_out_list() -> QuerySet[OptOut]:
    """Opt-outs, newest first."""
    return OptOut.objects.select_related("source", "recorded_by")


def newest_cards() -> list[ModelCard]:
    """The card in use of each model, newest first."""
    newest: dict[str, ModelCard] = {}
    for card in ModelCard.objects.order_by("-id"):
        newest.setdefault(card.model_id, card)
    return list(newest.values())
