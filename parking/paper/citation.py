"""What the citation says on paper: PK-07's fields and words (Vehicle Code 40202, 40203, 40215, 40220, 40230)."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

from ecpd.web.words import clock, day
from parking.citations.money import dollars
from parking.ingest.regions import STATES
from parking.models import Citation


def line(text: str, *, bold: bool = False) -> dict[str, Any]:
    """A paragraph of a section."""
    return {"text": text, "bold": bold}


def section(heading: str, *lines: dict[str, Any]) -> dict[str, Any]:
    """A heading with its paragraphs."""
    return {"heading": heading, "lines": list(lines)}


def citation_content(citation: Citation, numbers: Mapping[str, Any]) -> dict[str, Any]:
    """The citation's content, both for the roll and for letter paper; `numbers` are the manual's settings."""
    days = numbers["payment_due_days"]
    return {
        "agency": settings.ORGANIZATION,
        "number": citation.number,
        "amount": dollars(citation.amount_cents),
        "due": f"Payment is due within {days} days: by {day(citation.due_on)}.",
        "rows": rows_of(citation),
        "sections": [how_to_pay(citation, numbers), how_to_contest(numbers), hardship(numbers)],
    }


def rows_of(citation: Citation) -> list[tuple[str, str]]:
    """What was written down at the vehicle, as label and value."""
    rows = [
        ("Violation", f"{citation.section}, {citation.title}"),
        ("Date", day(citation.violation_at)),
        ("Time, approximate", clock(citation.violation_at)),
        ("Place", citation.place),
        ("License plate", f"{citation.plate}, {_state(citation.plate_state)}"),
        ("Registration expires", citation.registration_expiry or "not visible"),
        ("VIN, last four", citation.vin_last4 or "not readable"),
        ("Color", citation.color),
    ]
    optional = [("Make", citation.make), ("Kind of vehicle", citation.body), ("Remarks", citation.remarks)]
    issued = ("Issued", f"{day(citation.issued_at)}, {clock(citation.issued_at)}, officer {_officer(citation)}")
    return [*rows, *((label, value) for label, value in optional if value), issued]


def _state(code: str) -> str:
    return STATES.get(code.removeprefix("US-"), code) if code.startswith("US-") else code


def _officer(citation: Citation) -> str:
    return citation.issued_by.badge or citation.issued_by.short_name


def how_to_pay(citation: Citation, numbers: Mapping[str, Any]) -> dict[str, Any]:
    """How to pay; that payment may be mailed stands in bold (Vehicle Code 40203)."""
    mail = f"You may mail your payment to: {numbers['citation_mail_address']}."
    return section(
        "How to pay",
        line(mail, bold=True),
        line(f"Make a check or money order to the City of El Cerrito and write {citation.number} on it. Send no cash. "
             f"Questions: {numbers['citation_phone']}."),
    )  # fmt: skip


def how_to_contest(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """The three stages and their days (Vehicle Code 40215, 40230)."""
    return section(
        "How to contest",
        line(f"You may ask for a free initial review within {numbers['review_days_after_issue']} days of this citation, "
             f"or within {numbers['review_days_after_delinquent']} days of the mailing of a delinquent notice: online at "
             f"{numbers['citation_web']}, by phone at {numbers['citation_phone']}, by mail to the address above, or in "
             "person."),
        line("If you do not agree with its result, you may ask for a hearing within "
             f"{numbers['hearing_days_after_result']} days of the mailing of the result. The penalty is deposited first, "
             "unless you show that you are unable to pay."),
        line(f"Within {numbers['court_days_after_decision']} days after the mailing or delivery of the hearing's "
             "decision you may appeal to the superior court."),
    )  # fmt: skip


def hardship(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """Plans and reductions, and on what terms (Vehicle Code 40220)."""
    return section(
        "If you cannot pay at once",
        line("You may ask for a payment plan or for a reduction at any time. If you are unable to pay and owe up to "
             f"${numbers['plan_debt_max_dollars']}, a plan costs at most ${numbers['plan_monthly_max_dollars']} a month "
             f"over up to {numbers['plan_months_max']} months, with a fee of at most "
             f"${numbers['plan_fee_max_dollars']}, and late fees are waived. You may pay it off early."),
    )  # fmt: skip
