"""Requesting and cancelling a search."""

from django.core.exceptions import ValidationError
from django.utils import timezone

from cases.models import Case, Evidence, NibrsOffense
from cases.services import timeline
from ecpd.accounts.models import User
from ecpd.numbering import next_serial, number
from ecpd.policy import engine as policy
from ecpd.problem import StaleState
from ecpd.queue import enqueue
from leads.models import ProbeFaces, SearchRequest
from leads.recognition.quality import judged_anew
from leads.services.engine import quality_limits


def facts_of_request(
    *,
    case: Case,
    probe: Evidence | None,
    face: dict | None,
    purpose: str,
    offense: NibrsOffense | None,
    facts: str,
    no_forbidden_ground: bool,
) -> dict:
    """What the rules of `search.request` look at; pages explain with it, `request_search` asks with it.

    The face was measured once, perhaps under an older manual; its values are judged by the limits in force now (FR-04).
    """
    kept = (face or {}).get("quality", {})
    return {
        "case": case,
        "probe": probe,
        "face": face,
        "quality": judged_anew(kept, quality_limits()) if kept else {},
        "purpose": purpose,
        "offense": offense,
        "facts": facts,
        "no_forbidden_ground": no_forbidden_ground,
    }


def facts_of_run(search: SearchRequest) -> dict:
    """The same facts from the row, for `search.run`: what was asked is judged anew when it runs.

    Only the door makes a request with a decision, and it makes none without the declaration.
    """
    return facts_of_request(
        case=search.case,
        probe=search.probe,
        face=search.face | {"quality": search.quality},
        purpose=search.purpose,
        offense=search.offense,
        facts=search.facts,
        no_forbidden_ground=search.decision_id is not None,
    )


def request_search(
    *,
    actor: User,
    case: Case,
    probe: Evidence,
    face_ordinal: int,
    purpose: str,
    facts: str,
    offense: NibrsOffense | None = None,
    justification: str = "",
    no_forbidden_ground: bool = False,
    rerun_of: SearchRequest | None = None,
) -> SearchRequest:
    """Record a request and send a worker once it is committed. Raises PolicyDenied, ValidationError."""
    face = _face(probe, face_ordinal)
    asked = facts_of_request(
        case=case,
        probe=probe,
        face=face,
        purpose=purpose,
        offense=offense,
        facts=facts,
        no_forbidden_ground=no_forbidden_ground,
    )
    search = SearchRequest(
        case=case,
        probe=probe,
        purpose=purpose,
        offense=offense,
        facts=facts.strip(),
        requested_by=actor,
        justification=justification.strip(),
        rerun_of=rerun_of,
    )
    with policy.door(actor, "search.request", search, justification=justification, **asked) as decision:
        search.face = {key: value for key, value in face.items() if key != "quality"}
        search.quality, search.quality_passed = asked["quality"], asked["quality"]["passed"]
        search.decision, search.manual_version = decision, decision.manual_version
        search.year, search.serial = next_serial(SearchRequest)
        search.number = number("S-", search.year, search.serial)
        search.stage_times = {"queued": timezone.now().isoformat()}
        search.save()
        timeline.add(
            case=case,
            kind="search",
            headline=f"Search {search.number} requested.",
            actor=actor,
            detail=f"{probe.label}, face {face['letter']}. {search.get_purpose_display()}.",
            url=search.get_absolute_url(),
        )
        enqueue("leads.tasks.run_search", search.pk)
    return search


def cancel_search(*, search: SearchRequest, actor: User) -> SearchRequest:
    """Stop a search before its result. Raises StaleState when it is over."""
    with policy.door(actor, "search.cancel", search):
        if search.is_over:
            raise StaleState(f"{search} is over already.")
        search.state, search.finished_at = SearchRequest.State.CANCELLED, timezone.now()
        search.error = f"Canceled by {actor.display_name}."
        search.save(update_fields=["state", "finished_at", "error"])
        timeline.add(
            case=search.case,
            kind="search",
            headline=f"Search {search.number} canceled.",
            actor=actor,
            url=search.get_absolute_url(),
        )
    return search


def _face(probe: Evidence, ordinal: int) -> dict:
    found = ProbeFaces.objects.filter(evidence=probe, state=ProbeFaces.State.DONE).order_by("-id").first()
    if found is None:
        raise ValidationError("The faces on this picture are not found yet. Wait for them and pick one.")
    for face in found.faces:
        if face["ordinal"] == ordinal:
            return face
    raise ValidationError("Pick one of the faces found.")
