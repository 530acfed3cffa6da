"""Reads of searches, their candidates, and what a request page shows."""

from collections.abc import Iterable

from django.db.models import Count, QuerySet

from cases.models import Case, Evidence
from cases.selectors import cases_visible_to
from leads.models import Candidate, FaceVector, GallerySource, ProbeFaces, SearchReplay, SearchRequest
from leads.selectors.kin import kin_of
from leads.selectors.named import with_faces
from leads.selectors.review import blind_cases
from leads.selectors.self_opened import Stands

CUT = "above_bar_not_listed"  # in `SearchRequest.parameters`


def not_listed(search: SearchRequest) -> str:
    """A sentence about those who reach the bar and stand behind the end of the list; "" when there are none."""
    if not (more := search.parameters.get(CUT)):
        return ""
    return f" {more} or more others at or above it are not listed: the list holds {search.parameters['candidate_list_length']}."


def result_words(search: SearchRequest, listed: int) -> str:
    """The result in a sentence; for the timeline once no face at or above the bar waits for its first examiner (FR-08)."""
    candidates = "1 candidate" if listed == 1 else f"{listed} candidates"
    return f"{candidates}, {search.above_bar or 'none'} at or above {search.threshold:g}.{not_listed(search)}"


def searches_visible_to(user) -> QuerySet[SearchRequest]:
    """The searches of the cases a person may look at, and is not to examine something of blindly."""
    visible = SearchRequest.objects.filter(case__in=cases_visible_to(user).values("pk"))
    return visible.exclude(case__in=blind_cases(user))


def search_list(user) -> QuerySet[SearchRequest]:
    """Visible searches with what a list shows, newest first. Templates stay out of it: lists carry no vectors."""
    return (
        searches_visible_to(user)
        .select_related("case", "probe", "requested_by")
        .annotate(stands=Stands("pk"))
        .defer("probe_embedding", "case__summary", "probe__description")
        .order_by("-id")
    )


def search_numbered(number: str) -> QuerySet[SearchRequest]:
    """The search of this number with everything its page shows."""
    return (
        SearchRequest.objects.filter(number=number)
        .select_related(
            "case__captain",
            "probe__file",
            "probe__derived_from",
            "requested_by",
            "offense",
            "manual_version",
            "model_card",
            "decision",
            "rerun_of",
        )
        .annotate(stands=Stands("pk"))
        .defer("probe_embedding")
    )


def candidates_of(search: SearchRequest) -> QuerySet[Candidate]:
    """The list of a search, most similar first."""
    return (
        with_faces(search.candidates.all()).select_related("face__photo__file", "face__photo__source").order_by("rank")
    )


def left_aside(listed: Iterable[Candidate], replay: SearchReplay) -> int:
    """How many of a list's photos a replay did not compare, because their source had been withdrawn by then."""
    gone = (candidate.face.photo.source.withdrawn_at for candidate in listed)
    return sum(at is not None and at <= replay.at for at in gone)


def still_images_of(case: Case) -> QuerySet[Evidence]:
    """The exhibits of a case that may be probes, newest first (FR-03)."""
    return (
        case.evidence.filter(kind__in=Evidence.STILL_IMAGES, file__isnull=False, withdrawn_at__isnull=True)
        .select_related("file", "derived_from")
        .order_by("-number")
    )


def newest_faces_of(evidence: Evidence) -> ProbeFaces | None:
    """What detection last found on an exhibit, or None."""
    return evidence.probe_faces.order_by("-id").first()


def earlier_searches(probe: Evidence, face: dict) -> list[SearchRequest]:
    """The searches, in whatever case, for the same face of the same picture, a copy or an edit of it, newest first."""
    found = SearchRequest.objects.filter(probe__in=kin_of([probe.pk])).select_related("case__captain")
    listed = found.defer("probe_embedding").order_by("-id")
    return [search for search in listed if _same_box(search.face.get("box"), face.get("box"))]


def _same_box(one: list[float] | None, other: list[float] | None) -> bool:
    """Whether two boxes cover each other by half."""
    if not one or not other:
        return False
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    return width > 0 and height > 0 and width * height > 0.5 * min(one[2] * one[3], other[2] * other[3])


def counts_by(searches: QuerySet[SearchRequest], field: str) -> dict[str, int]:
    """How many searches have each value of a field."""
    rows = searches.order_by().values(field).annotate(count=Count("pk"))
    return {row[field]: row["count"] for row in rows}


def gallery_sizes_before(search: SearchRequest, *, most: int = 5) -> list[int]:
    """How many faces the searches before this one compared, of whatever case, the last one first."""
    before = SearchRequest.objects.filter(state=SearchRequest.State.DONE, finished_at__lt=search.finished_at)
    sizes = before.order_by("-finished_at").values_list("gallery_size", flat=True)[:most]
    return [size for size in sizes if size is not None]


def gallery_figures(model_id: str = "") -> tuple[int, int]:
    """(faces that are searched, sources they come from)."""
    vectors = FaceVector.objects.filter(active=True)
    faces = vectors.filter(model_id=model_id).count() if model_id else vectors.count()
    return faces, GallerySource.objects.filter(withdrawn_at__isnull=True).count()
