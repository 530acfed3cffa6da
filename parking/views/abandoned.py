"""Abandoned vehicles: the list, one matter, its photos and papers, its print."""

from dataclasses import replace

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from ecpd.policy import engine as policy
from ecpd.web.asking import allowed_role, person
from ecpd.web.pagination import filter_links
from ecpd.web.spreadsheet import csv_file
from ecpd.web.words import moment
from parking import store
from parking.models import AbandonedPhoto, AbandonedVehicle, PlateQuery, TowNotice, TowOrder
from parking.selectors.abandoned import STATUS, counts, found_by, matters, next_step
from parking.selectors.abandoned_timeline import timeline_of
from parking.services.access import note_work
from parking.views.abandoned_lookup import note, the_matter

PAGE = 30
EXPORTED = (
    "number",
    "matter",
    "state",
    "place",
    "vehicle",
    "plate",
    "state of the plate",
    "reported",
    "next",
    "outcome",
)


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Matters with filters, search, and what each waits for; the look is recorded (PK-06)."""
    allowed_role(request, "abandoned.view")
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "state", "kind")}
    found = _filtered(asked)
    if request.GET.get("_export") == "csv":
        return _as_csv(request, found, asked)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    note(request, "List of abandoned vehicles", {name: value for name, value in asked.items() if value} or {"list": "open"},
         results=len(page.object_list))  # fmt: skip
    return render(request, "parking/abandoned/list.html", _list_context(request, page, asked))


def _filtered(asked: dict[str, str]):
    found = matters().order_by("-id")
    if asked["state"] in AbandonedVehicle.State.values:
        found = found.filter(state=asked["state"])
    elif asked["state"] != "any" and not asked["q"]:
        found = found.exclude(state=AbandonedVehicle.State.CLOSED)
    if asked["kind"] in AbandonedVehicle.Kind.values:
        found = found.filter(kind=asked["kind"])
    return found_by(found, asked["q"]) if asked["q"] else found


def _list_context(request: HttpRequest, page, asked: dict[str, str]) -> dict:
    by_state, by_kind = counts("state"), counts("kind")
    for matter in page:
        matter.status, matter.next = STATUS[matter.state], next_step(matter)
    states = [(value, words, by_state.get(value, 0)) for value, words in AbandonedVehicle.State.choices]
    everything = sum(by_state.values())
    links = filter_links(request, "state", [*states, ("any", "Open and closed", everything)],
                         total=everything - by_state.get(AbandonedVehicle.State.CLOSED, 0))  # fmt: skip
    links[0] = replace(links[0], word="Open")
    return {
        "page": page, "asked": asked, "filtered": any(asked.values()), "by_state": links,
        "by_kind": filter_links(request, "kind", [(v, w, by_kind.get(v, 0)) for v, w in AbandonedVehicle.Kind.choices]),
        "may_report": person(request).may("abandoned.mark"), "may_export": person(request).may("plate.export"),
        "may_hotlists": person(request).may("hotlist.view"),
    }  # fmt: skip


def _as_csv(request: HttpRequest, found, asked: dict[str, str]) -> HttpResponse:
    """The rows as CSV, for who may export plate data; recorded as an export (PK-06)."""
    reason = "List of abandoned vehicles, exported."
    facts = {"purpose": PlateQuery.Purpose.ABANDONED, "terms": asked}
    policy.authorize(person(request), "plate.export", None, justification=reason, **facts)
    rows = list(found[:10_000])
    note_work(user=person(request), purpose=PlateQuery.Purpose.ABANDONED, reason=reason, channel=PlateQuery.Channel.EXPORT,
              terms={name: value for name, value in asked.items() if value} or {"list": "open"}, results=len(rows))  # fmt: skip
    return csv_file("abandoned.csv", [EXPORTED, *map(_exported, rows)])


def _exported(one: AbandonedVehicle) -> tuple:
    step = next_step(one)
    return (
        one.number, one.get_kind_display(), one.get_state_display(), one.place, one.vehicle, one.plate,
        one.plate_state, moment(one.reported_at), step.title if step else "", one.get_outcome_display(),
    )  # fmt: skip


@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One matter: what was seen, what comes next, photos, papers, and everything that happened."""
    matter = the_matter(request, number, noted=True)
    return render(request, "parking/abandoned/detail.html", _shown(request, matter))


@require_GET
def printed(request: HttpRequest, number: str) -> HttpResponse:
    """The same on paper."""
    matter = the_matter(request, number, noted=True)
    return render(request, "parking/abandoned/print.html", _shown(request, matter))


def _shown(request: HttpRequest, matter: AbandonedVehicle) -> dict:
    user, step, order = person(request), next_step(matter), getattr(matter, "tow", None)
    removed = order is not None and hasattr(order, "removal")
    return {
        "matter": matter, "status": STATUS[matter.state], "next": step, "order": order, "rows": _rows(matter),
        "events": timeline_of(matter), "may_next": step is not None and user.may(step.action),
        "next_url": reverse(f"parking:{step.page}", args=[matter.number]) if step else "",
        "may_close": user.may("abandoned.mark") and matter.state in ("reported", "marked", "ready"),
        "may_look": user.may("abandoned.mark") and matter.state == "ready",
        "may_tow": user.may("tow.notice") and order is not None and matter.is_open,
        "may_ask": user.may("tow.notice") and removed and matter.is_open and not hasattr(order, "hearing"),
        "removed": removed,
    }  # fmt: skip


def _rows(matter: AbandonedVehicle) -> list[tuple[str, str]]:
    plate = f"{matter.plate} {matter.plate_state.removeprefix('US-')}".strip()
    rows = [
        ("Matter", matter.get_kind_display()),
        ("Vehicle", matter.vehicle),
        ("License plate", plate or "None"),
        ("VIN", matter.vin or "Not read"),
        ("Place", matter.place),
        ("Seen here since", moment(matter.seen_since) if matter.seen_since else "Nobody has looked yet"),
        ("Grounds", "; ".join(matter.grounds_in_words)),
        ("What was seen", matter.grounds_words),
    ]
    if mark := getattr(matter, "mark", None):
        miles = f"{mark.odometer} miles" if mark.odometer is not None else "not readable"
        rows += [("Marked", f"{moment(mark.at)}, {mark.hours} hours given"), ("How the wheels stood", mark.marks),
                 ("Odometer then", miles), ("Notice", f"{mark.notice_where}: {mark.notice_text}")]  # fmt: skip
    return [(label, value) for label, value in rows if value]


@require_GET
def photo(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A photo of a matter."""
    matter = the_matter(request, number)
    found = get_object_or_404(AbandonedPhoto, vehicle=matter, pk=pk)
    return HttpResponse(store.read(found.sha256), content_type=found.media_type)


@require_GET
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """The tow order as it was issued, PDF."""
    matter = the_matter(request, number, noted=True)
    order = get_object_or_404(TowOrder, vehicle=matter)
    return _pdf(order.sha256, order.number)


@require_GET
def notice_paper(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A notice as it was sent, PDF."""
    matter = the_matter(request, number, noted=True)
    notice = get_object_or_404(TowNotice.objects.select_related("order"), order__vehicle=matter, pk=pk)
    return _pdf(notice.sha256, f"{notice.order.number}-{notice.sent_to}")


def _pdf(sha256: str, name: str) -> HttpResponse:
    if not store.holds(sha256):
        raise Http404
    response = HttpResponse(store.read(sha256), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
