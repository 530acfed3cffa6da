"""What becomes of leads when an exhibit is withdrawn, rejected, or turns out to be another thing, under them (FR-10, FR-13).

A mark falls when what is left no longer supports it. An application that waits goes back to its applicant, marked
`returned`: it cannot wait for a captain on evidence that is gone, and it was not the applicant who took it back. What a
captain approved stays approved, and he and the applicant are told.

Each lead is told in the words of what happened, but of what happened in a sealed case only that it holds something: neither
words nor names of it reach another case (AC-04).
"""

from collections.abc import Iterable

from django.db.models import QuerySet

from cases.models import Case, Evidence
from cases.services import timeline
from ecpd.accounts.models import User
from ecpd.audit.services import record
from ecpd.policy import engine as policy
from leads.models import Corroboration, Lead, WarrantApplication
from leads.selectors.history import leads_of_the_face, or_sealed
from leads.selectors.kin import kin_of
from leads.selectors.standing import standings_of
from leads.services.ending import give_back
from leads.services.lead import move

LINKED_SINCE = (
    "Something was linked to a lead to this face that concerns what the mark rested on. Once somebody has verified or rejected "
    "it, its page says what both answered."
)


def exhibit_is_withdrawn(evidence: Evidence, actor: User, reason: str) -> None:
    """Let fall what rests on an exhibit, and tell whom it concerns. Runs before the exhibit's row changes."""
    linked = Corroboration.objects.filter(evidence=evidence, withdrawn_at__isnull=True)
    for lead in Lead.objects.select_for_update().filter(pk__in=linked.values("lead")).order_by("pk"):
        if lead.state == Lead.State.APPROVED:
            _tell_of_approved(lead, evidence, reason)
        elif lead.state in (Lead.State.MARKED, Lead.State.APPLIED) and not stands_without(lead, exhibits=[evidence.pk]):
            let_fall(lead, f"{evidence.label}, on which it rested, was withdrawn: {reason}")
    _no_arrest_of(evidence, linked.values("lead"), reason)
    for lead in Lead.objects.filter(candidate__search__probe=evidence).order_by("pk"):
        _note(lead, f"The probe of lead {lead.number}, {evidence.label}, was withdrawn.", reason)


def _no_arrest_of(evidence: Evidence, told: QuerySet, reason: str) -> None:
    """Give back what asks to arrest whom this exhibit names; of what was approved tell, unless its lead was told (FR-26)."""
    said_who = WarrantApplication.objects.filter(identity__evidence=evidence).select_related("lead").order_by("pk")
    waits = said_who.filter(state=WarrantApplication.State.SUBMITTED, asks_for=WarrantApplication.AsksFor.ARREST)
    for application in waits:
        give_back(application, f"{evidence.label}, from which one knew who its person is, was withdrawn: {reason}")
        move(application.lead, Lead.State.MARKED)
        application.lead.save(update_fields=["state"])
    for application in said_who.filter(state=WarrantApplication.State.APPROVED).exclude(lead__in=told):
        _tell_of_approved(application.lead, evidence, reason)


def is_answered(item: Corroboration, *, verified: bool, rests: bool, reason: str) -> None:
    """Let the marks fall, of all leads to the face, that rest on what somebody rejects or finds to rest on the face: the
    exhibit, a copy, what was made of it, the same report or witness (FR-10).

    Runs when the answer is written.
    """
    if verified and not rests:
        return
    words = "was found to rest on the face" if verified else "was rejected"
    _no_mark_stays(
        item,
        f"{item.evidence.label} {words}, and with it what is of the same exhibit, report or witness: {reason}",
    )


def is_linked_as_resting(item: Corroboration) -> None:
    """The same, as its linker says so; runs when the link is there. Who is to verify it does not learn of that (FR-10)."""
    _no_mark_stays(item, LINKED_SINCE)


def _no_mark_stays(item: Corroboration, reason: str) -> None:
    of_the_face = leads_of_the_face(item.lead).order_by().values("pk")
    _let_fall_what_stands_no_more(of_the_face, item.lead.case, reason)


def exhibit_is_added(evidence: Evidence, actor: User) -> None:
    """Let the marks fall that rested on what a new exhibit shows to be another thing: of the search, or a line-up.

    Runs when it is there. Whoever applied is told who added it, and brings other evidence.
    """
    turned_out(
        evidence,
        f"{evidence.label}, added by {actor.display_name}, shows what it rested on to be of the search or a line-up.",
    )


def turned_out(evidence: Evidence, reason: str) -> None:
    """Let the marks fall that no longer stand, of the leads that are linked to this exhibit's copies and versions."""
    kin = kin_of([evidence.pk])
    linked = Corroboration.objects.filter(evidence__in=kin, withdrawn_at__isnull=True)
    _let_fall_what_stands_no_more(linked.values("lead"), evidence.case, reason)


def _let_fall_what_stands_no_more(leads: QuerySet, where: Case, reason: str) -> None:
    """Of leads by their keys, each that is marked or applied for on what is not enough any more.

    `where`: the case in which it happened for that reason.
    """
    waits = (Lead.State.MARKED, Lead.State.APPLIED)
    for lead in Lead.objects.filter(pk__in=leads, state__in=waits).select_for_update().order_by("pk"):
        if not stands_without(lead):
            let_fall(lead, or_sealed(where, lead.case_id, reason))


def stands_without(lead: Lead, *, exhibits: Iterable[int] = (), links: Iterable[int] = ()) -> bool:
    """Whether the corroboration that is left, without exhibits or links, is enough for a warrant (FR-10, FR-11)."""
    alone = bool(policy.parameter("lineup_counts_alone"))
    left = [one for one in standings_of(lead, exhibits=exhibits, links=links, now=True).values() if one.counts]
    if not alone and all(one.is_lineup for one in left):
        return False
    return len(left) >= int(policy.parameter("corroboration_min"))


def let_fall(lead: Lead, reason: str) -> None:
    """Take the mark from a lead; an application on it that waits goes back to who made it."""
    if lead.state == Lead.State.APPLIED:
        give_back(lead.applications.get(state=WarrantApplication.State.SUBMITTED), reason)
        move(lead, Lead.State.MARKED)
        lead.save(update_fields=["state"])
    move(lead, Lead.State.OPEN)
    lead.save(update_fields=["state"])
    _note(lead, f"Lead {lead.number} is no longer marked for warrant.", reason)


def _tell_of_approved(lead: Lead, evidence: Evidence, reason: str) -> None:
    application = lead.applications.get(state=WarrantApplication.State.APPROVED)
    record(actor=None, action="warrant.evidence_withdrawn", subject=application, case_number=lead.case.case_number,
           exhibit=evidence.label, reason=reason)  # fmt: skip
    timeline.add(
        case=lead.case,
        kind="warrant",
        headline=f"{evidence.label} was withdrawn after application {application.number} was approved.",
        detail=f"The captain and the applicant are told. {reason}",
        url=application.get_absolute_url(),
    )


def _note(lead: Lead, headline: str, detail: str) -> None:
    timeline.add(case=lead.case, kind="lead", headline=headline, detail=detail, url=lead.get_absolute_url())
