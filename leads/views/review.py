"""Comparing a candidate with the probe: the first examiner, and the second who sees nothing of the first."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.finding import nothing_there
from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied
from ecpd.web.asking import add_refusal
from ecpd.web.shown import field_for, said_by
from leads.forms.review import ExaminationForm
from leads.models import Candidate, ExaminationDraft, ExaminationRequest, Lead, SearchRequest
from leads.pictures import face_picture
from leads.selectors.dark import in_his_order, is_dark, opened_the_list
from leads.selectors.lot import answer_until, drawn_for, lot_of, not_compared, of_its_list
from leads.selectors.named import name_words, with_faces
from leads.selectors.review import second_examiners
from leads.selectors.self_opened import VEILED, Stands
from leads.selectors.shown import of_candidate, of_comparison
from leads.services import lead as leads
from leads.services import lot, review
from leads.views import result
from leads.views.lookup import allowed_role, look, person, the_search
from leads.views.pictures import listed_at, or_404


def _candidate(request: HttpRequest, number: str, rank: int, *, recorded: bool = False) -> Candidate:
    search = the_search(request, number, recorded=recorded, result=True)
    look(request, "candidates.view", search)
    listed = (
        with_faces(Candidate.objects.all())
        .select_related("face__photo__source")
        .prefetch_related("examinations__examiner")
    )
    candidate = get_object_or_404(listed, search=search, rank=rank)
    candidate.search = search
    return candidate


@require_http_methods(["GET", "POST"])
def compare(request: HttpRequest, number: str, rank: int) -> HttpResponse:
    """Side by side; the form while the first examination is missing, then what was concluded and the next step."""
    candidate = _candidate(request, number, rank, recorded=request.method == "GET")
    if request.method == "POST":
        return _record(request, candidate, 1, "leads/review/compare.html", _comparison(request, candidate))
    return render(request, "leads/review/compare.html", _comparison(request, candidate))


def _comparison(request: HttpRequest, candidate: Candidate) -> dict:
    user = person(request)
    found = {e.position: e for e in candidate.examinations.all()}
    may_examine = 1 not in found and candidate.search.state == "done" and user.may("review.conclude")
    may_examine = may_examine and not opened_the_list(candidate.search, user)
    shown = {
        "candidate": candidate, "search": candidate.search, "first": found.get(1), "second": found.get(2),
        "shown_field": field_for(of_comparison(candidate)),
        "facts": _facts(candidate), "photo": candidate.face.photo, "blind": False,
        "form": ExaminationForm(initial=_draft(candidate, user)) if may_examine else None,
        "lead": Lead.objects.filter(candidate=candidate).first(),
    }  # fmt: skip
    if 1 in found:
        shown["promote_field"] = field_for(of_candidate(candidate))
        shown["verdicts"] = policy.explain(user, "lead.promote", candidate)
        shown["blocked"] = any(verdict.blocks for verdict in shown["verdicts"])
        if 2 not in found:
            shown |= _second(candidate, user)
    return shown


def _second(candidate: Candidate, user) -> dict:
    """Who is drawn, out of how many, who was replaced and why; what is left before one can be drawn."""
    drawn, listed = drawn_for(candidate), of_its_list(candidate)
    asked = next((one for one in drawn if one.state == "open"), None)
    shown = {
        "asked": asked, "until": answer_until(asked) if asked else None,
        "replaced": [one for one in drawn if one.state == "withdrawn"],
        "left": not_compared(candidate),
        "under_the_bar": candidate not in [one.candidate for one in listed],
        "least": policy.parameter("lot_min"), "can_draw": policy.allows(user, "review.assign", candidate),
    }  # fmt: skip
    if asked is None and not shown["left"]:
        shown |= {"left_out": second_examiners(candidate, user)[1], "lot": len(lot_of(candidate))}
    return shown


def _facts(candidate: Candidate) -> list[tuple[str, str]]:
    kept = candidate.snapshot
    return [
        ("Source", kept["source"]),
        ("Page", kept["source_url"] or "Not known"),
        ("Caption", kept["caption"] or "None"),
        ("Name", name_words(candidate)),
        ("Captured", result.captured_words(kept["captured_on"], candidate.search.requested_at)),
        ("SHA-256", f"{kept['sha256'][:4]}…{kept['sha256'][-4:]}"),
        (
            "Score",
            f"{int(candidate.match_score * 10) / 10}, rank {candidate.rank} of {candidate.search.gallery_size:,}",
        ),
    ]


@require_http_methods(["GET", "POST"])
def examine_first(request: HttpRequest, number: str, place: int) -> HttpResponse:
    """The first examination: two pictures and the form, in random order; no score, rank, name or source (FR-08)."""
    search, user = the_search(request, number, recorded=request.method == "GET", result=True), person(request)
    listed = in_his_order(search, user)
    candidate = listed_at(listed, place)
    candidate.search = search
    faces = result.places(search, listed)
    if request.method == "GET" and (faces[place - 1]["done"] or not is_dark(search, user)):
        return redirect(search)
    shown = {
        "search": search, "place": place, "listed": len(faces), "compared": sum(one["done"] for one in faces),
        "form": ExaminationForm(initial=_draft(candidate, user)),
        "shown_field": field_for(of_comparison(candidate)),
    }  # fmt: skip
    if request.method == "POST":
        return _record(request, candidate, 1, "leads/review/first.html", shown)
    review.note_first_look(search=search, actor=user, place=place)
    return render(request, "leads/review/first.html", shown)


@require_POST
def save_first_draft(request: HttpRequest, number: str, place: int) -> HttpResponse:
    """Keep what the first examiner filled in so far."""
    search = the_search(request, number, result=True)
    allowed_role(request, "review.conclude")
    look(request, "case.contribute", search.case)
    return _keep(request, listed_at(in_his_order(search, person(request)), place))


@require_http_methods(["GET", "POST"])
def examine_blind(request: HttpRequest, pk: int) -> HttpResponse:
    """The second examination: two pictures and the form; no score, rank, name, source or first examiner."""
    asked = _asked(request, pk)
    if not asked.is_answered:
        return render(request, "leads/review/question.html", {"asked": asked})
    blind = {
        "asked": asked,
        "blind": True,
        "shown_field": field_for(of_comparison(asked.candidate)),
        "form": ExaminationForm(initial=_draft(asked.candidate, person(request))),
    }
    if request.method == "POST":
        return _record(request, asked.candidate, 2, "leads/review/blind.html", blind)
    review.note_look(asked=asked, actor=person(request), at="the page")
    return render(request, "leads/review/blind.html", blind)


def _asked(request: HttpRequest, pk: int) -> ExaminationRequest:
    requests = ExaminationRequest.objects.select_related(
        "candidate__search__probe__file", "candidate__search__case", "candidate__face__photo__file"
    )
    user = person(request)
    waiting = requests.annotate(stands=Stands("candidate__search_id")).exclude(stands__in=VEILED)
    found = waiting.filter(pk=pk, examiner=user, state=ExaminationRequest.State.OPEN).first()
    return found or nothing_there(ExaminationRequest, user, "search.view", about="candidate.search", pk=pk)


@require_POST
def answer_opening(request: HttpRequest, pk: int) -> HttpResponse:
    """What the second examiner says on opening, or later: nothing of the case is known, or something is."""
    asked, user = _asked(request, pk), person(request)
    if request.POST.get("knows") == "no":
        lot.say_nothing_is_known(asked=asked, actor=user)
        return redirect(asked)
    if request.POST.get("knows") != "yes":
        return render(request, "leads/review/question.html", {"asked": asked, "unanswered": True}, status=422)
    lot.say_something_is_known(asked=asked, actor=user)
    messages.success(request, "Thank you. Somebody else is drawn; nothing more waits for you here.")
    return redirect("home")


def _opened(request: HttpRequest, pk: int) -> ExaminationRequest:
    """The request of who has said that nothing of the case is known: no picture is shown before."""
    asked = _asked(request, pk)
    if not asked.is_answered:
        raise Http404
    return asked


@require_GET
def blind_probe(request: HttpRequest, pk: int) -> HttpResponse:
    """The probe's face, for the second examiner."""
    asked = _opened(request, pk)
    review.note_look(asked=asked, actor=person(request), at="the probe")
    search = asked.candidate.search
    return or_404(face_picture, search.probe.file, search.face)


@require_GET
def blind_candidate(request: HttpRequest, pk: int) -> HttpResponse:
    """The candidate's face, for the second examiner."""
    asked = _opened(request, pk)
    review.note_look(asked=asked, actor=person(request), at="the candidate")
    face = asked.candidate.face
    return or_404(face_picture, face.photo.file, {"box": face.box})


def _record(request: HttpRequest, candidate: Candidate, position: int, template: str, context: dict) -> HttpResponse:
    form = ExaminationForm(request.POST)
    if not form.is_valid():
        return render(request, template, context | {"form": form}, status=422)
    answers = form.cleaned_data
    try:
        review.record_examination(
            candidate=candidate, actor=person(request), position=position, components=form.components(),
            conclusion=answers["conclusion"], basis=answers["basis"], does_not_fit=answers["does_not_fit"],
            shown=said_by(request),
        )  # fmt: skip
    except PolicyDenied as denied:
        status = add_refusal(form, denied)
        return render(request, template, context | {"form": form}, status=status)
    messages.success(request, "Your conclusion is recorded. It can't be changed.")
    if position == 2:
        return redirect("home")
    return redirect(_next_face(candidate.search, person(request)) if "place" in context else candidate)


def _next_face(search: SearchRequest, user) -> str:
    """Where the next face is compared; the list, once the last is."""
    if not is_dark(search, user):
        return search.get_absolute_url()
    return result.following(result.places(search, in_his_order(search, user))) or search.get_absolute_url()


def _draft(candidate: Candidate, user) -> dict:
    draft = ExaminationDraft.objects.filter(candidate=candidate, examiner=user).first()
    return draft.data if draft else {}


@require_POST
def save_draft(request: HttpRequest, number: str, rank: int) -> HttpResponse:
    """Keep what is filled in so far."""
    candidate = _candidate(request, number, rank)
    allowed_role(request, "review.conclude")
    look(request, "case.contribute", candidate.search.case)
    return _keep(request, candidate)


@require_POST
def save_blind_draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what the second examiner filled in so far."""
    return _keep(request, _asked(request, pk).candidate)


def _keep(request: HttpRequest, candidate: Candidate) -> HttpResponse:
    known = set(ExaminationForm().fields)
    data = {name: value.replace("\x00", "")[:5000] for name, value in request.POST.items() if name in known}
    draft = review.save_draft(candidate=candidate, examiner=person(request), data=data)
    return render(request, "leads/review/_saved.html", {"draft": draft})


@require_POST
def draw_second(request: HttpRequest, number: str, rank: int) -> HttpResponse:
    """Have a second examiner drawn by lot, or another one for who could not examine."""
    candidate = _candidate(request, number, rank)
    asked = lot.draw_second_examiner(candidate=candidate, actor=person(request))
    if asked is None:
        messages.error(request, "Nobody is left who may be drawn.")
    else:
        messages.success(request, f"{asked.examiner.short_name} is drawn. Don't discuss the comparison.")
    return redirect(candidate)


@require_POST
def promote(request: HttpRequest, number: str, rank: int) -> HttpResponse:
    """Make a lead of the candidate."""
    lead = leads.promote(candidate=_candidate(request, number, rank), actor=person(request))
    messages.success(request, f"{lead} is made. It identifies no one.")
    return redirect(lead)
