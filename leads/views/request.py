"""The page that requests a search: pick a face, see its quality, say what for, watch the checklist, send."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from cases.models import Case, Evidence
from ecpd.policy import engine as policy
from ecpd.web.asking import add_errors
from ecpd.web.words import how_many
from leads.forms.search import SearchForm
from leads.models import ProbeFaces, SearchDraft, SearchRequest
from leads.selectors.search import earlier_searches, newest_faces_of, still_images_of
from leads.services import draft as drafts
from leads.services.probe import judged_now, look_for_faces
from leads.services.search import facts_of_request, request_search
from leads.views.lookup import allowed_role, look, person, the_case, the_probe


@require_http_methods(["GET", "POST"])
def request_page(request: HttpRequest, number: str) -> HttpResponse:
    """Choose a picture, then fill in the request; POST sends it or keeps the draft."""
    case = the_case(request, number)
    _may_ask(request, case)
    if not request.GET.get("evidence", "").isdigit():
        return render(request, "leads/search/request.html", {"case": case, "pictures": still_images_of(case)})
    probe = the_probe(case, request.GET["evidence"])
    if request.method == "POST":
        return _send(request, case, probe)
    found = look_for_faces(probe) if probe.is_still_image else None
    form = SearchForm(_begun(request, probe), case=case)
    return render(request, "leads/search/request.html", _page(request, case, probe, found, form))


def _may_ask(request: HttpRequest, case: Case) -> None:
    """Refuse whose role requests no searches, and who only reads the case."""
    look(request, "case.contribute", case)
    allowed_role(request, "search.request")


def _begun(request: HttpRequest, probe: Evidence) -> dict[str, Any] | None:
    """What is filled in to begin with: the person's draft, or the search that is run again."""
    draft = SearchDraft.objects.filter(probe=probe, user=person(request)).first()
    if draft is not None:
        return draft.data
    again = SearchRequest.objects.filter(number=request.GET.get("again", ""), probe=probe).first()
    return drafts.from_search(again) if again is not None else None


def _send(request: HttpRequest, case: Case, probe: Evidence) -> HttpResponse:
    form = SearchForm(request.POST, case=case)
    drafts.keep(user=person(request), probe=probe, data=request.POST)
    if "draft" in request.POST:
        return redirect(case)
    found = newest_faces_of(probe)
    face = _picked(found, request.POST.get("face", ""))
    answers = form.answers()
    try:
        if face is None:
            raise ValidationError("Pick one of the faces found.")
        search = request_search(
            actor=person(request), case=case, probe=probe, face_ordinal=face["ordinal"], **answers,
            rerun_of=_again(request, probe),
        )  # fmt: skip
    except ValidationError as error:
        add_errors(form, error)
        return render(request, "leads/search/request.html", _page(request, case, probe, found, form), status=400)
    drafts.drop(user=person(request), probe=probe)
    return redirect(search)


def _again(request: HttpRequest, probe: Evidence) -> SearchRequest | None:
    number = request.GET.get("again")
    return get_object_or_404(SearchRequest, number=number, case=probe.case_id) if number else None


@require_POST
def faces(request: HttpRequest, number: str, evidence: int) -> HttpResponse:
    """The faces so far (htmx); once they are found, quality and checklist come along."""
    return _part(request, number, evidence, "leads/search/_faces_found.html")


@require_POST
def quality(request: HttpRequest, number: str, evidence: int) -> HttpResponse:
    """The quality of the face picked (htmx)."""
    return _part(request, number, evidence, "leads/search/_quality.html")


@require_POST
def check(request: HttpRequest, number: str, evidence: int) -> HttpResponse:
    """The checklist for what is filled in so far (htmx); what is typed is kept as a draft."""
    return _part(request, number, evidence, "leads/search/_side.html", keep=True)


def _part(request: HttpRequest, number: str, evidence: int, template: str, *, keep: bool = False) -> HttpResponse:
    case = the_case(request, number)
    _may_ask(request, case)
    probe = the_probe(case, evidence)
    if keep:
        drafts.keep(user=person(request), probe=probe, data=request.POST)
    form = SearchForm(request.POST, case=case)
    return render(request, template, _page(request, case, probe, newest_faces_of(probe), form))


def _page(request: HttpRequest, case: Case, probe: Evidence, found: ProbeFaces | None, form: SearchForm) -> dict:
    answers = form.answers() if form.is_bound else _unanswered(case)
    letter = form.data.get("face", "") if form.is_bound else ""
    found = judged_now(found)
    face = _picked(found, letter)
    justification = answers.pop("justification")
    asked = facts_of_request(case=case, probe=probe, face=face, **answers)
    subject = SearchRequest(case=case, probe=probe, requested_by=person(request))
    verdicts = policy.explain(person(request), "search.request", subject, justification=justification, **asked)
    blocking = [verdict for verdict in verdicts if verdict.blocks]
    return {
        "case": case,
        "probe": probe,
        "form": form if form.non_field_errors() or not form.is_bound else SearchForm(initial=form.data, case=case),
        "found": found,
        "face": face,
        "faces": _shown(found, face, probe),
        "faces_words": _faces_words(found),
        "boxes": _boxes(found, face),
        "picture_alt": f"{probe.label}, {probe.title}. {_faces_words(found)}",
        "verdicts": verdicts,
        "blocked": bool(blocking),
        "blocked_words": f"{how_many(len(blocking))} rule{'s are' if len(blocking) != 1 else ' is'} not met.",
        "earlier": [one for one in earlier_searches(probe, face) if one.case_id == case.pk] if face else [],
        **_quality_words(face),
        **_addresses(case, probe),
    }


def _unanswered(case: Case) -> dict[str, Any]:
    """What an untouched form says."""
    return {
        "purpose": "",
        "offense": case.offense,
        "facts": "",
        "justification": "",
        "no_forbidden_ground": False,
    }


def _addresses(case: Case, probe: Evidence) -> dict[str, str]:
    parts = [case.case_number, probe.number]
    return {
        f"{name}_url": reverse(f"leads:probe-{name}", args=parts) for name in ("faces", "quality", "check", "picture")
    }


def _picked(found: ProbeFaces | None, letter: str) -> dict | None:
    """The face of this letter; the only one when there is but one."""
    listed = found.faces if found is not None else []
    if len(listed) == 1:
        return listed[0]
    return next((face for face in listed if face["letter"] == letter), None)


def _faces_words(found: ProbeFaces | None) -> str:
    count = len(found.faces) if found is not None else 0
    return "One face found." if count == 1 else f"{how_many(count)} faces found. Pick one."


def _shown(found: ProbeFaces | None, picked: dict | None, probe: Evidence) -> list[dict]:
    def shown(face: dict) -> dict:
        place = [probe.case.case_number, probe.number, face["letter"]]
        return {
            "letter": face["letter"],
            "detail": _most_telling(face["quality"]),
            "url": reverse("leads:probe-face", args=place),
            "picked": picked is not None and picked["letter"] == face["letter"],
        }

    return [shown(face) for face in found.faces] if found is not None else []


def _most_telling(report: dict) -> str:
    """The first measure that is not enough, else the distance between the eyes."""
    measures = report["measures"]
    worst = next((measure for measure in measures if measure["verdict"] == "not_enough"), None)
    if not measures:
        return "Not measured"
    if worst is None or worst["name"] == "eye_distance":
        return f"{measures[0]['shown']} between eyes"
    return f"{worst['words']} {worst['shown']}"


def _boxes(found: ProbeFaces | None, picked: dict | None) -> list[dict]:
    return [
        {
            "key": face["letter"],
            "label": face["letter"],
            "x": face["box"][0],
            "y": face["box"][1],
            "width": face["box"][2],
            "height": face["box"][3],
            "selected": picked is not None and picked["letter"] == face["letter"],
        }
        for face in (found.faces if found is not None else [])
    ]


def _quality_words(face: dict | None) -> dict[str, str]:
    if face is None:
        return {}
    measures = face["quality"]["measures"]
    near = [m["words"] for m in measures if m["verdict"] == "just_enough"]
    weak = [f"{m['words']} {m['shown']}, {m['needed']} needed" for m in measures if m["verdict"] == "not_enough"]
    verb = "is" if len(near) == 1 else "are"
    return {
        "quality_near": f"{' and '.join(near).capitalize()} {verb} close to the limit." if near else "",
        "quality_title": f"Not good enough by itself: {'; '.join(weak)}.".replace("  ", " "),
    }
