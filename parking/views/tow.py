"""A tow, step by step: order, removal, notices, hearing, end."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from ecpd.policy import engine as policy
from ecpd.web.asking import allowed_role, person
from ecpd.web.pagination import filter_links
from ecpd.web.shown import said_by
from ecpd.web.words import day, moment
from parking.forms.tow import AskForm, EndForm, HearForm, NoticeForm, OrderForm, RemovalForm
from parking.models import TowNotice, TowOrder
from parking.selectors.tow import due_notice, last_day_to_ask
from parking.selectors.tow import hearings as hearings_asked_for
from parking.services import tow
from parking.views.abandoned_lookup import note, step, the_matter, the_tow

PAGE = 30
STATES = {"open": "To be held", "held": "Held"}


@require_http_methods(["GET", "POST"])
def order(request: HttpRequest, number: str) -> HttpResponse:
    """Order the tow."""
    allowed_role(request, "tow.order")
    matter = the_matter(request, number)
    form = OrderForm(request.POST or None)

    def act(answers: dict[str, Any]) -> str:
        made = tow.order_tow(matter=matter, actor=person(request), shown=said_by(request), **answers)
        return f"{made} is issued. Print it for the driver and take the inventory."

    blank = TowOrder(grounds=[matter.kind], orderer_class=form["orderer_class"].value() or "")
    return step(request, matter, form, act, heading=f"Order the tow of {matter.number}", button="Order the tow", more={
        "verdicts": policy.explain(person(request), "tow.order", matter, order=blank),
        "intro": "Unpaid citations are never the ground of a tow.", "rule": "PK-11",
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
def removal(request: HttpRequest, number: str) -> HttpResponse:
    """Enter that the vehicle was taken away."""
    allowed_role(request, "tow.notice")
    matter, order = the_tow(request, number)

    def act(answers: dict[str, Any]) -> str:
        tow.record_removal(order=order, actor=person(request), **answers)
        return "The removal is entered; tell the owners."

    form = RemovalForm(request.POST or None, request.FILES or None)
    return step(request, matter, form, act, heading=f"Removal under {order.number}", button="Enter the removal",
                more={"intro": "The owners' clock starts with the removal.", "rule": "PK-10"})  # fmt: skip


@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest, number: str) -> HttpResponse:
    """Enter a notice to an owner; its paper is made from it."""
    allowed_role(request, "tow.notice")
    matter, order = the_tow(request, number)
    sent = {each.sent_to for each in order.notices.all()}
    left = next((to for to in (TowNotice.To.REGISTERED, TowNotice.To.LEGAL) if to not in sent), "")

    def act(answers: dict[str, Any]) -> str:
        return f"{tow.send_notice(order=order, actor=person(request), **answers)}: recorded, its paper is kept."

    due = due_notice(order)
    return step(request, matter, NoticeForm(request.POST or None, initial={"sent_to": left}), act,
                heading=f"Tell the owners about {order.number}", button="Record the notice",
                more={"intro": f"Due by {moment(due)}: 48 hours, weekends and holidays left out." if due else "",
                      "rule": "PK-10"})  # fmt: skip


@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """Enter that an owner asks for a hearing."""
    allowed_role(request, "tow.notice")
    matter, order = the_tow(request, number)

    def act(answers: dict[str, Any]) -> str:
        hearing = tow.ask_hearing(order=order, actor=person(request), **answers)
        return f"Entered. The hearing is to be held by {moment(hearing.due_at)}."

    last = last_day_to_ask(order)
    intro = f"It may be asked for until {day(last)}." if last else "No notice was sent yet, so no day is lost."
    return step(request, matter, AskForm(request.POST or None), act, heading=f"A hearing on {order.number} is asked for",
                button="Enter the request", more={"intro": intro, "rule": "PK-10"})  # fmt: skip


@require_GET
def hearings(request: HttpRequest) -> HttpResponse:
    """Hearings on tows: those to be held, the most urgent first; those that were held on request."""
    allowed_role(request, "tow.hear")
    state = request.GET.get("state", "open")
    found = hearings_asked_for()
    if state in STATES:
        found = found.filter(result__isnull=state == "open")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    note(request, "List of tow hearings", {"state": state if state in STATES else "any"}, len(page.object_list))
    context = {
        "page": page, "filtered": "state" in request.GET, "may_contests": person(request).may("contest.hear"),
        "by_state": filter_links(request, "state", [("any", "Any state", None), *(
            (value, word, None) for value, word in STATES.items())], default="open"),
    }  # fmt: skip
    return render(request, "parking/abandoned/hearings.html", context)


@require_http_methods(["GET", "POST"])
def hearing(request: HttpRequest, number: str) -> HttpResponse:
    """Enter the decision of a hearing this person has held."""
    allowed_role(request, "tow.hear")
    matter, order = the_tow(request, number, with_hearing=True)

    def act(answers: dict[str, Any]) -> str:
        held = tow.hold_hearing(hearing=order.hearing, actor=person(request), shown=said_by(request), **answers)
        return f"{held}. Tell the owner."

    verdicts = policy.explain(person(request), "tow.hear", order.hearing, "x" * 20)
    return step(request, matter, HearForm(request.POST or None), act, heading=f"Hearing on {order.number}",
                button="Record the decision", more={"verdicts": verdicts, "hearing": order.hearing, "rule": "PK-10",
                "intro": f"To be held by {moment(order.hearing.due_at)}. The agency shows that the tow was valid."})  # fmt: skip


@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, number: str) -> HttpResponse:
    """Release the vehicle, dispose of it, or cancel the order."""
    allowed_role(request, "tow.notice")
    matter, order = the_tow(request, number)

    def act(answers: dict[str, Any]) -> str:
        return f"{tow.end_tow(order=order, actor=person(request), **answers)}. The matter is closed."

    return step(request, matter, EndForm(request.POST or None), act, heading=f"End of {order.number}",
                button="End the tow", more={"rule": "PK-10"})  # fmt: skip
