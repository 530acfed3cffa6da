"""Pictures behind the door: the probe, its faces, candidates. No media folder is public."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from leads.models import Candidate
from leads.pictures import face_picture, whole_picture
from leads.recognition.errors import UnreadableImage
from leads.selectors.dark import in_his_order
from leads.selectors.search import newest_faces_of
from leads.views.lookup import look, person, the_case, the_probe, the_search


@require_GET
def probe_picture(request: HttpRequest, number: str, evidence: int) -> HttpResponse:
    """A picture of a case, upright, bounded, without metadata."""
    case = the_case(request, number)
    look(request, "case.view", case)
    return or_404(whole_picture, the_probe(case, evidence).file)


@require_GET
def probe_face(request: HttpRequest, number: str, evidence: int, letter: str) -> HttpResponse:
    """A face found on a picture of a case."""
    case = the_case(request, number)
    look(request, "case.view", case)
    probe = the_probe(case, evidence)
    found = newest_faces_of(probe)
    face = next((face for face in (found.faces if found else []) if face["letter"] == letter), None)
    if face is None:
        raise Http404("No such face was found on this picture.")
    return or_404(face_picture, probe.file, face)


@require_GET
def search_probe(request: HttpRequest, number: str) -> HttpResponse:
    """The face that was searched for."""
    search = the_search(request, number)
    return or_404(face_picture, search.probe.file, search.face)


@require_GET
def candidate_face(request: HttpRequest, number: str, rank: int) -> HttpResponse:
    """A candidate's face, cut from the gallery's photo."""
    search = the_search(request, number, result=True)
    look(request, "candidates.view", search)
    listed = Candidate.objects.select_related("face__photo__file")
    candidate = get_object_or_404(listed, search=search, rank=rank)
    return or_404(face_picture, candidate.face.photo.file, {"box": candidate.face.box})


@require_GET
def listed_face(request: HttpRequest, number: str, place: int) -> HttpResponse:
    """A face of a list, by its place in the order in which this person compares them; the address says no rank (FR-08)."""
    face = listed_at(in_his_order(the_search(request, number, result=True), person(request)), place).face
    return or_404(face_picture, face.photo.file, {"box": face.box})


def listed_at(listed: list[Candidate], place: int) -> Candidate:
    """What stands at a place, from 1, of a person's order, or 404."""
    if not 1 <= place <= len(listed):
        raise Http404("No face stands at this place.")
    return listed[place - 1]


def or_404(show: Callable[..., HttpResponse], *args: Any) -> HttpResponse:
    """A picture, or 404 when the vault's file is not usable."""
    try:
        return show(*args)
    except (UnreadableImage, FileNotFoundError) as error:
        raise Http404(str(error)) from error
