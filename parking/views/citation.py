"""Citations: the list, one citation, its print page, its papers."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from ecpd.policy import engine as policy
from ecpd.policy.shown import of_row
from ecpd.web.asking import allowed_role, look, person
from ecpd.web.pagination import filter_links
from ecpd.web.shown import field_for
from ecpd.web.spreadsheet import csv_file
from parking import store
from parking.citations.money import dollars
from parking.forms.citation import DeliveryForm
from parking.models import Citation, CitationDraft, CitationNotice, Violation
from parking.paper.citation import rows_of
from parking.selectors.citation import STANDINGS, WORDS, citations_listed, counts_by_standing, found_by, with_words
from parking.selectors.citation_clock import clocks_ahead
from parking.selectors.citation_timeline import timeline_of
from parking.selectors.contest import next_stage
from parking.selectors.plan import due_so_far
from parking.views.citation_lookup import note, the_citation

PAGE = 40
EXPORTED = ("citation", "issued", "section", "place", "penalty", "owed", "standing", "officer")


@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """Citations with filters and search; each look is recorded (PK-06)."""
    allowed_role(request, "citation.view")
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "standing", "violation", "whose")}
    found = _filtered(request, asked)
    if request.GET.get("_export") == "csv":
        return _as_csv(request, found)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    note(request, "List of citations", {name: value for name, value in asked.items() if value} or {"list": "all"},
         results=len(page.object_list))  # fmt: skip
    return render(request, "parking/citation/list.html", _list_context(request, page, asked))


def _filtered(request: HttpRequest, asked: dict[str, str]):
    found = citations_listed().order_by("-issued_at", "-id")
    if asked["standing"] in WORDS:
        found = found.filter(standing=asked["standing"])
    if asked["violation"]:
        found = found.filter(violation__code=asked["violation"])
    if asked["whose"] == "mine":
        found = found.filter(issued_by=person(request))
    return found_by(found, asked["q"]) if asked["q"] else found


def _list_context(request: HttpRequest, page, asked: dict[str, str]) -> dict:
    user, counts = person(request), counts_by_standing()
    for citation in page:
        citation.status = with_words(citation)
        citation.owes = dollars(max(0, citation.owed))
    violations = Violation.objects.values_list("code", "title")
    drafts = CitationDraft.objects.filter(officer=user) if user.may("citation.issue") else []
    return {
        "page": page, "asked": asked, "filtered": any(asked.values()), "drafts": drafts,
        "by_standing": filter_links(request, "standing", [(k, w, counts[k]) for k, w, _, _ in STANDINGS if counts.get(k)],
                                    total=sum(counts.values())),
        "by_violation": filter_links(request, "violation", [(code, title, None) for code, title in violations]),
        "by_officer": filter_links(request, "whose", [("mine", "Issued by me", None)]),
        "may_issue": user.may("citation.issue"), "may_pay": user.may("citation.payment"),
    }  # fmt: skip


def _as_csv(request: HttpRequest, found) -> HttpResponse:
    """The rows as CSV. No plate stands in it, so it may leave the building."""
    policy.authorize(person(request), "citation.payment", None, what="list of citations")
    return csv_file("citations.csv", [EXPORTED, *(_exported(one) for one in found.iterator(chunk_size=2000))])


def _exported(one: Citation) -> tuple:
    return (
        one.number, timezone.localtime(one.issued_at).isoformat(timespec="minutes"), one.section, one.place,
        f"{one.amount_cents / 100:.2f}", f"{one.owed / 100:.2f}", WORDS[one.standing], one.issued_by.badge,
    )  # fmt: skip


@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One citation: what was written down, clocks, ledger, contests, pauses, papers, and everything that happened."""
    citation = the_citation(request, number, noted=True)
    user = person(request)
    kind, words = with_words(citation)
    waiting = next((copy for copy in citation.copies.all() if copy.sent_at is None), None)
    context = {
        "citation": citation, "rows": rows_of(citation), "kind": kind, "standing": words, "user": user,
        "owes": dollars(citation.owed), "clocks": clocks_ahead(citation), "today": timezone.localdate(),
        "entries": _with_balance(citation), "events": timeline_of(citation), "next_stage": next_stage(citation),
        "holds": [hold for hold in citation.holds.all() if hold.released_at is None],
        "plans": [(c.plan, dollars(c.paid_cents), dollars(due_so_far(c.plan))) for c in citation.plans.all()],
        "waiting_copy": waiting, "copy_field": field_for(of_row(waiting)) if waiting else "",
        "open_request": next((r for r in citation.plan_requests.all() if r.state == "open"), None),
        "may": {name: user.may(f"citation.{name}") for name in ("void", "payment", "plan", "hold", "attach")}
        | {"file": user.may("contest.file")},
        "is_mine": citation.issued_by_id == user.pk,
    }  # fmt: skip
    return render(request, "parking/citation/detail.html", context)


def _with_balance(citation) -> list[tuple]:
    """Entries with the balance after each."""
    rows, total = [], 0
    for entry in citation.entries.all():
        total += entry.amount_cents
        rows.append((entry, dollars(entry.amount_cents), dollars(total)))
    return rows


@require_GET
def printed(request: HttpRequest, number: str) -> HttpResponse:
    """The officer's page after issue: print it, attach it, say so."""
    return print_page(request, number, DeliveryForm())


def print_page(request: HttpRequest, number: str, form: DeliveryForm) -> HttpResponse:
    """The same with what was said of its delivery and refused."""
    citation = the_citation(request, number, noted=True)
    papers = {notice.kind: notice for notice in citation.notices.all()}
    context = {
        "citation": citation, "rows": rows_of(citation), "amount": dollars(citation.amount_cents),
        "roll": papers["roll"], "letter": papers["letter"], "form": form,
        "may_attach": person(request).may("citation.attach") and not citation.is_canceled
        and getattr(citation, "delivery", None) is None,
    }  # fmt: skip
    return render(request, "parking/citation/print.html", context, status=422 if form.errors else 200)


@require_GET
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """A paper as it was issued, PDF."""
    notice = get_object_or_404(CitationNotice.objects.select_related("citation"), pk=pk)
    look(request, "citation.view", notice.citation)
    if not store.holds(notice.sha256):
        raise Http404
    note(request, f"{notice}", {"citation": notice.citation.number})
    response = HttpResponse(store.read(notice.sha256), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{notice.citation.number}-{notice.kind}.pdf"'
    return response
