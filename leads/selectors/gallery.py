"""Reads of the gallery: sources with their counts, imports, rejected files, opt-outs."""

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from leads.models import (
    FaceVector,
    GalleryPhoto,
    GallerySource,
    ImportBatch,
    ImportReject,
    OptOut,
    SearchRequest,
)


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


def opted_out_but_active() -> QuerySet[GalleryPhoto]:
    """Photos that somebody opted out of and of which a template is still compared; there should be none (FR-06)."""
    gone = OptOut.objects.filter(withdrawn_at__isnull=True)
    return GalleryPhoto.objects.filter(sha256__in=gone.values("sha256"), faces__vector__active=True).distinct()


def sources_in_use(searched: list[int] | None = None) -> tuple[int, list[str]]:
    """How many sources are in use, or were searched when their keys are given, and the names of those that should not.

    A source should not be searched that is withdrawn or of a kind that is not public-realm (FR-05).
    """
    rows = GallerySource.objects.filter(withdrawn_at__isnull=True)
    if searched is not None:
        rows = GallerySource.objects.filter(pk__in=searched)
    found = list(rows.values_list("name", "kind", "withdrawn_at"))
    wrong = [name for name, kind, gone in found if gone is not None or kind not in GallerySource.Kind.values]
    return len(found), sorted(wrong)


def sources_withdrawn_since(search: SearchRequest) -> list[str]:
    """The names of sources that were in use when a search was requested and are not any more."""
    gone = GallerySource.objects.filter(withdrawn_at__gte=search.requested_at)
    return list(gone.order_by("name").values_list("name", flat=True))
