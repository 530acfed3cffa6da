"""Running a search in a worker: claimed by one, resumed when it died, finished in one transaction.

Whoever runs a search holds an advisory lock on its session. A killed worker's session ends, the lock is free, and the
next delivery begins the search anew; results are written all at once, so there is never a second list.
"""

import time
from decimal import ROUND_DOWN, Decimal

from django.db import transaction
from django.utils import timezone

from cases.services import timeline
from ecpd.audit.services import record
from ecpd.locks import SEARCHES, held
from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied
from leads.models import Candidate, GalleryFace, GallerySource, SearchRequest
from leads.models.measured import MOST_LISTED
from leads.recognition.card import ModelCard as Card
from leads.recognition.engine import DetectedFace, Engine
from leads.recognition.errors import RecognitionError, UnreadableImage
from leads.recognition.matchscore import standout
from leads.search import scan
from leads.selectors.card import card_in_force
from leads.selectors.search import CUT, result_words
from leads.services.engine import engine, image_of
from leads.services.search import facts_of_run

MOST_ATTEMPTS = 5
HELD = "running elsewhere"


class _Stopped(Exception):
    """Somebody canceled the search meanwhile."""


def run(pk: int) -> str:
    """Run a search to its end; returns its state. Safe to call twice, at the same time or later.

    Infrastructure errors (database, disk) are raised for the task to retry; what a retry cannot mend is kept as the
    search's failure, in a sentence.
    """
    with held(SEARCHES, pk) as alone:
        if not alone:
            return HELD
        search = _the_search(pk)
        if search.is_over:
            return search.state
        try:
            _begin(search)
            _run(search)
        except _Stopped:
            pass
        except PolicyDenied as denied:
            _end(search, SearchRequest.State.REFUSED, denied.message, decision_id=denied.decision_id)
        except RecognitionError as error:
            _end(search, SearchRequest.State.FAILED, error.message)
        search.refresh_from_db()
        return search.state


def _the_search(pk: int) -> SearchRequest:
    return SearchRequest.objects.select_related("case", "probe__file", "requested_by", "offense").get(pk=pk)


def _begin(search: SearchRequest) -> None:
    search.attempts += 1
    if search.attempts > MOST_ATTEMPTS:
        raise UnreadableImage("gave_up", f"The search was begun {MOST_ATTEMPTS} times and never came to its end.")
    going = SearchRequest.objects.filter(pk=search.pk).exclude(state__in=SearchRequest.ENDS)
    if not going.update(attempts=search.attempts):
        raise _Stopped
    policy.authorize(search.requested_by, "search.run", search, search.justification, **facts_of_run(search))


def _run(search: SearchRequest) -> None:
    clock = _Clock()
    _enter(search, "detecting")
    machine = engine()
    image = image_of(search.probe)
    face = _picked(machine.detect(image), DetectedFace.from_json(search.face))
    clock.lap("detecting")
    _enter(search, "embedding")
    template = machine.embed(image, face)
    clock.lap("embedding")
    _enter(search, "searching")
    card = card_in_force(machine.model_id)
    if card is None:
        raise RecognitionError(
            "no_card", f"The model {machine.model_id} has no card in force: keep one, and amend the manual."
        )
    found = scan.exact(template, model_id=machine.model_id, limit=MOST_LISTED)
    clock.lap("searching")
    _finish(search, machine, card, template, found, clock)


def _picked(faces: list[DetectedFace], wanted: DetectedFace) -> DetectedFace:
    """The face the person picked, among those found now."""
    for face in faces:
        distance = max(abs(a - b) for a, b in zip(face.box, wanted.box, strict=True))
        if distance <= max(2.0, 0.1 * wanted.box[2]):
            return face
    raise RecognitionError("face_gone", "The face that was picked is not found any more. Request the search anew.")


def _enter(search: SearchRequest, stage: str) -> None:
    """Note the stage and the sign of life, unless somebody canceled."""
    now = timezone.now()
    search.stage_times[stage] = now.isoformat()
    changed = SearchRequest.objects.filter(pk=search.pk).exclude(state__in=SearchRequest.ENDS)
    if not changed.update(state=stage, heartbeat_at=now, stage_times=search.stage_times):
        raise _Stopped


def _finish(search, machine: Engine, kept_card, template, found, clock) -> None:
    """Write the result, all of it or nothing, in the door: who asked must still be allowed to have it.

    The sources are held from here on. What came into the gallery or out of it since the comparison is compared again.
    """
    card, model_id = Card.from_json(kept_card.content), machine.model_id
    row = _the_search(search.pk)
    facts = facts_of_run(row) | {"searched": found.sources}
    with policy.door(row.requested_by, "search.run", row, row.justification, **facts) as decision:
        if row.is_over:
            raise _Stopped
        if not scan.held_as_found(found, model_id=model_id):
            found = scan.exact(template, model_id=model_id, limit=MOST_LISTED)
        bar = Decimal(str(policy.parameter("match_score_min")))
        limit = int(policy.parameter("candidate_list_length"))
        candidates = _candidates(row, card, found, limit)
        Candidate.objects.bulk_create(candidates)
        row.state, row.finished_at, row.run_decision = SearchRequest.State.DONE, timezone.now(), decision
        row.stage_times["done"] = row.finished_at.isoformat()
        row.gallery_size, row.gallery_watermark, row.mode = found.size, found.watermark, "exact"
        row.sources = _names(found.sources)
        row.model_id, row.model_card, row.probe_embedding = model_id, kept_card, template
        row.parameters = {
            "candidate_list_length": limit,
            "match_score_min": float(bar),
            "software": machine.software,
            **behind_the_list(card, found, limit, bar),
        }
        row.timings = clock.laps | {"total": clock.total()}
        row.threshold, row.above_bar = float(bar), sum(c.match_score >= bar for c in candidates)
        row.error = ""
        row.save()
        timeline.add(
            case=row.case,
            kind="search",
            headline=f"Search {row.number} finished.",
            detail="" if row.above_bar else result_words(row, len(candidates)),
            url=row.get_absolute_url(),
        )
        record(
            actor=row.requested_by,
            action="search.finished",
            subject=row,
            case_number=row.case.case_number,
            candidates=len(candidates),
            above_bar=row.above_bar,
            gallery_size=found.size,
        )


def behind_the_list(card: Card, found: scan.ScanResult, limit: int, bar: Decimal) -> dict[str, int]:
    """How many of those that were looked at reach the bar behind the end of the list, if any do."""
    more = sum(_down(card.score(cosine, found.size).strict) >= bar for _, cosine in found.hits[limit:])
    return {CUT: more} if more else {}


def _candidates(search: SearchRequest, card: Card, found: scan.ScanResult, limit: int) -> list[Candidate]:
    hits = found.hits[:limit]
    faces = GalleryFace.objects.select_related("photo__source", "photo__subject").in_bulk([face for face, _ in hits])
    stands_out = standout([cosine for _, cosine in found.hits])
    listed = []
    for rank, (face_id, cosine) in enumerate(hits, start=1):
        score = card.score(cosine, found.size)
        listed.append(
            Candidate(
                search=search,
                rank=rank,
                face=faces[face_id],
                cosine=cosine,
                match_score=_down(score.strict),
                score_high=_down(score.high),
                standout=stands_out if rank == 1 else None,
                snapshot=snapshot(faces[face_id]),
            )
        )
    return listed


def snapshot(face: GalleryFace) -> dict:
    """Where a gallery face comes from, as it stands today."""
    photo = face.photo
    return {
        "source": photo.source.name,
        "source_kind": photo.source.get_kind_display(),
        "source_url": photo.source_url,
        "caption": photo.caption,
        "published_name": photo.subject.published_name if photo.subject else "",
        "captured_on": photo.captured_on.isoformat() if photo.captured_on else "",
        "sha256": photo.sha256,
        "imported_at": photo.imported_at.isoformat(),
        "synthetic": photo.synthetic,
        "box": face.box,
    }


def _down(value: float) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.001"), ROUND_DOWN)


def _names(sources: list[int]) -> list[str]:
    return list(GallerySource.objects.filter(pk__in=sources).order_by("name").values_list("name", flat=True))


def _end(search: SearchRequest, state: str, sentence: str, *, decision_id: int | None = None) -> None:
    """End a search without a result: it failed, or the door refused it when it ran."""
    with transaction.atomic():
        row = SearchRequest.objects.select_for_update().get(pk=search.pk)
        if row.is_over:
            return
        row.state, row.error, row.finished_at, row.run_decision_id = state, sentence, timezone.now(), decision_id
        row.save(update_fields=["state", "error", "finished_at", "run_decision"])
        timeline.add(
            case=row.case,
            kind="search",
            headline=f"Search {row.number} {state}.",
            detail=sentence,
            url=row.get_absolute_url(),
        )
        record(
            actor=row.requested_by,
            action=f"search.{state}",
            subject=row,
            case_number=row.case.case_number,
            reason=sentence,
        )


class _Clock:
    """Milliseconds of each lap, and in all."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._begun = self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """End a lap."""
        now = time.perf_counter()
        self.laps[name] = round((now - self._last) * 1000, 1)
        self._last = now

    def total(self) -> float:
        """All of it."""
        return round((time.perf_counter() - self._begun) * 1000, 1)
