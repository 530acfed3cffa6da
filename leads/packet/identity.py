"""The part of a packet that says who the person of a lead is said to be, from what, and who checked it (FR-26)."""

from leads.models import Lead, WarrantApplication
from leads.packet.section import Section, at
from leads.selectors.identity import identities_of, where_it_stands


def who_it_is(application: WarrantApplication) -> Section:
    """The application's kind, court and person; every identity with its source and what others said of it."""
    lead: Lead = application.lead
    named = f"It names {application.identity}." if application.identity else "It names no person beyond the lead's."
    court = f" Court: {application.court}." if application.court else ""
    return Section(
        "Who the person is said to be",
        [f"The lead says “{lead.person.name}” and is never rewritten. This application asks for "
         f"{application.asks_for_words}. {named}{court}"],
        ["Name and birth", "From", "Entered", "Where it stands", "What others said"],
        [
            [str(one), f"{one.evidence.label}: {one.how}", f"{one.entered_by.display_name}, {at(one.entered_at)}",
             where_it_stands(one),
             " ".join(f"{a.get_outcome_display()} ({a.by.display_name}, {at(a.at)}): {a.reason}" for a in one.answers.all())]
            for one in identities_of(lead)
        ],
    )  # fmt: skip
