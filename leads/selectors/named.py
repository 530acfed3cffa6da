"""Whose name a page's name is: of a photo that shows several faces it names none, until somebody says which (FR-26)."""

from django.db.models import Count, OuterRef, QuerySet, Subquery

from leads.models import Candidate, GalleryFace


def with_faces(candidates: QuerySet[Candidate]) -> QuerySet[Candidate]:
    """Candidates that know how many faces their photo shows, as `on_the_photo`."""
    same = GalleryFace.objects.filter(photo=OuterRef("face__photo"), model_id=OuterRef("face__model_id"))
    counted = same.order_by().values("photo").annotate(n=Count("pk")).values("n")
    return candidates.annotate(on_the_photo=Subquery(counted))


def faces_on(candidate: Candidate) -> int:
    """How many faces its photo shows."""
    if "on_the_photo" not in candidate.__dict__:
        face = candidate.face
        candidate.__dict__["on_the_photo"] = GalleryFace.objects.filter(
            photo=face.photo_id, model_id=face.model_id
        ).count()
    return int(candidate.__dict__["on_the_photo"])


def name_of(candidate: Candidate) -> str:
    """The name that the page gives this face; empty where it gives none, or shows several and does not say which."""
    return candidate.snapshot.get("published_name", "") if faces_on(candidate) == 1 else ""


def name_words(candidate: Candidate) -> str:
    """The page's name, which is page text and never verified."""
    name = candidate.snapshot.get("published_name")
    if not name:
        return "No name on the page"
    if (several := faces_on(candidate)) > 1:
        return f"Page names “{name}”; its photo shows {several} people and does not say which"
    return f"Page says “{name},” not verified"
