"""What goes out by mail: the delinquent notice, the result of a review or hearing, the agreement on a plan."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings

from ecpd.web.words import day, moment
from parking.citations.money import dollars
from parking.models import Citation, ContestResult, PaymentPlan
from parking.paper.citation import hardship, how_to_pay, line, section

OWNER = ["Registered owner of the vehicle", "(address as the Department of Motor Vehicles gives it)"]


def _frame(citation: Citation, title: str, on: date, addressee: list[str], rows, sections) -> dict[str, Any]:
    always = [
        ("Citation", citation.number),
        ("License plate", f"{citation.plate}, {citation.plate_state.removeprefix('US-')}"),
        ("Violation", f"{citation.section}, {citation.title}"),
        ("When and where", f"{moment(citation.violation_at)}, {citation.place}"),
    ]
    return {
        "agency": settings.ORGANIZATION, "title": title, "number": citation.number, "date": day(on),
        "addressee": addressee, "rows": [*always, *rows], "sections": sections,
    }  # fmt: skip


def delinquent_content(citation: Citation, *, owed: int, late_fee: int, on: date, numbers: Mapping[str, Any]):
    """The delinquent notice (Vehicle Code 40206, 40207): what is owed, until when, and every way out."""
    days, fee_days = numbers["review_days_after_delinquent"], numbers["late_fee_days_after_delinquent"]
    answer = section(
        "What you can do",
        line(f"Pay {dollars(owed)}, or ask for a free initial review, within {days} days of the mailing of this "
             f"notice. If neither happens within {fee_days} days, a late fee of {dollars(late_fee)} is added."),
        line("If you did not own, or had leased, rented or sold the vehicle on that day, tell us in writing with a copy "
             "of the paper that shows it; you are then not liable."),
        line(f"If the vehicle described is not the one that is registered, tell us in writing: the citation is canceled. "
             f"You may ask for a copy of the citation; it is sent within {numbers['copy_days']} days, and nothing is "
             f"collected until then. Online: {numbers['citation_web']}. Phone: {numbers['citation_phone']}."),
    )  # fmt: skip
    rows = [("Owed", dollars(owed)), ("Was due", day(citation.due_on))]
    sections = [answer, how_to_pay(citation, numbers), hardship(numbers)]
    return _frame(citation, "Notice of delinquent parking violation", on, OWNER, rows, sections)


def result_content(result: ContestResult, *, owed: int, on: date, numbers: Mapping[str, Any]) -> dict[str, Any]:
    """The result of an initial review, or the decision of a hearing, with its reason and the next stage."""
    contest, citation = result.contest, result.contest.citation
    review = contest.stage == contest.Stage.REVIEW
    title = "Result of the initial review" if review else "Decision of the hearing"
    rows = [("Result", result.get_outcome_display()), ("Owed now", dollars(max(0, owed)))]
    sections = [section("Reason", line(result.reason))]
    if owed < 0:
        sections.append(section("Refund", line(f"{dollars(-owed)} that you paid is returned to you.")))
    if result.outcome != result.Outcome.DISMISSED:
        sections.append(_after_review(numbers) if review else _after_hearing(numbers))
        sections += [how_to_pay(citation, numbers), hardship(numbers)]
    return _frame(citation, title, on, [contest.name, *contest.address.splitlines()], rows, sections)


def _after_review(numbers: Mapping[str, Any]) -> dict[str, Any]:
    return section(
        "If you do not agree",
        line(f"You may ask for a hearing within {numbers['hearing_days_after_result']} days of the mailing of this "
             "result: in writing, in person, by phone or by video, before an examiner who is independent of parking "
             "enforcement. The penalty is deposited first. If you are unable to pay, ask for a waiver of the deposit and "
             "say why; no prepayment is then needed."),
    )  # fmt: skip


def _after_hearing(numbers: Mapping[str, Any]) -> dict[str, Any]:
    return section(
        "If you do not agree",
        line(f"You may appeal to the superior court within {numbers['court_days_after_decision']} days after the mailing "
             f"or delivery of this decision, and {numbers['court_mail_extension_days']} more when it was mailed to you. "
             "The court hears the matter anew. If you win, the fee of the court and what you paid are returned."),
    )  # fmt: skip


def plan_content(plan: PaymentPlan, covered: list[tuple[Citation, int]], *, on: date, numbers: Mapping[str, Any]):
    """The agreement on a payment plan over one or more citations."""
    terms = section(
        "What was agreed",
        line(f"{dollars(plan.monthly_cents)} a month, from {day(plan.first_due_on)}, in up to {plan.months} monthly "
             f"parts, until {dollars(plan.owed_cents)} is paid."),
        line(f"The fee of the plan is {dollars(plan.fee_cents)} and is included. You may pay it off earlier at no cost. "
             "While the plan runs no late fee is added."),
        line("You keep every right to contest within its time."),
    )  # fmt: skip
    rows = [("Covers", f"{one.number}, {dollars(owed)}") for one, owed in covered]
    addressee = [plan.name, *plan.address.splitlines()]
    first = covered[0][0]
    return _frame(first, "Payment plan agreement", on, addressee, rows, [terms, how_to_pay(first, numbers)])
