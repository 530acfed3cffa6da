"""What waits for a person in leads, for the dashboard; each provider is one query."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from cases.selectors import cases_visible_to
from ecpd.accounts.roles import READS_VEILED_RESULTS, Role
from ecpd.web.dashboard import WaitingItem
from ecpd.web.words import moment
from leads.models import (
    Corroboration,
    ExaminationRequest,
    ExculpatoryEntry,
    Identity,
    WarrantApplication,
    WarrantDecision,
    WarrantStep,
)
from leads.selectors.after import hours_to_disclose, with_news
from leads.selectors.came_in import approvals_that_count
from leads.selectors.dark import dark_searches
from leads.selectors.lead import leads_visible_to
from leads.selectors.search import searches_visible_to
from leads.selectors.self_opened import VEILED, Stands, opened_by_who_searches, veils_newest_first
from leads.selectors.standing import standings_read_with, with_standings
from leads.selectors.warrant import applications_visible_to
from leads.selectors.who_decides import for_the_chief

VEILED_SHOWN = timedelta(days=30)


def faces_to_compare(user) -> list[WaitingItem]:
    """Searches of this person whose faces are to be compared before anything of the list is shown (FR-08)."""
    if not user.may("review.conclude"):
        return []
    mine = dark_searches(user).filter(requested_by=user, case__in=cases_visible_to(user).values("pk"))
    return [
        WaitingItem(f"Compare the faces of {search.number}",
                    f"{search.case}, {search.case.title}. One at a time, in random order.",
                    search.get_absolute_url(), action_label="Compare")
        for search in mine.select_related("case").defer("probe_embedding").order_by("pk")[:10]
    ]  # fmt: skip


def second_examinations(user) -> list[WaitingItem]:
    """Blind examinations this person is asked for; the item says nothing of the case's search, nor who asks (FR-08)."""
    if not user.may("review.conclude"):
        return []
    asked = ExaminationRequest.objects.annotate(stands=Stands("candidate__search_id")).exclude(stands__in=VEILED)
    waiting = asked.filter(examiner=user, state="open")
    return [
        WaitingItem("Compare two faces as second examiner", "Drawn by lot. Two pictures and the form; nothing else is shown.",
                    asked.get_absolute_url(), due=asked.due_on, action_label="Compare")
        for asked in waiting
    ]  # fmt: skip


def to_verify(user) -> list[WaitingItem]:
    """Evidence that colleagues linked and nobody verified yet; not for a captain, who would decide on nothing then (FR-13)."""
    if not user.may("corroboration.verify") or Role.CAPTAIN in user.role_names:
        return []
    waiting = (
        Corroboration.objects.filter(
            verification__isnull=True, withdrawn_at__isnull=True,
            lead__case__in=cases_visible_to(user), lead__state__in=["open", "marked", "denied"],
        ).exclude(linked_by=user).select_related("lead__case", "evidence", "linked_by").order_by("linked_at")[:10]
    )  # fmt: skip
    return [
        WaitingItem(f"Verify {item} for {item.linked_by.short_name}", f"{item.lead.case}, lead {item.lead.number}.",
                    item.lead.get_absolute_url(), action_label="Verify")
        for item in waiting
    ]  # fmt: skip


def identities_to_check(user) -> list[WaitingItem]:
    """Who the people of leads are said to be, where nobody has said anything of it yet; not for a captain (FR-13)."""
    if not user.may("identity.enter") or Role.CAPTAIN in user.role_names:
        return []
    of_mine = Identity.objects.filter(lead__case__in=cases_visible_to(user), lead__state__in=["open", "marked"])
    waiting = of_mine.filter(answers__isnull=True).exclude(entered_by=user).select_related("lead__case", "entered_by")
    return [
        WaitingItem(f"Check who the person of lead {one.lead.number} is, for {one.entered_by.short_name}",
                    f"{one.lead.case}. Said to be {one}.",
                    reverse("leads:identity-answer", args=[one.lead.number, one.pk]), action_label="Check")
        for one in waiting.order_by("entered_at")[:10]
    ]  # fmt: skip


def my_leads(user) -> list[WaitingItem]:
    """Leads this person made: what each needs next."""
    if Role.INVESTIGATOR not in user.role_names:
        return []
    unanswered = ExculpatoryEntry.objects.filter(lead=OuterRef("pk"), answers__isnull=True)
    mine = with_standings(
        leads_visible_to(user).filter(created_by=user, state__in=["open", "marked", "denied"])
    ).annotate(unanswered=Exists(unanswered))
    words = {
        "unanswered": ("Answer what points away on lead {}", "Open lead"),
        "backed": ("Mark lead {} for warrant, if every rule is met", "Open lead"),
        "open": ("Back up lead {} with evidence, or clear it", "Open lead"),
        "marked": ("Apply for a warrant on lead {}", "Open lead"),
        "denied": ("Answer the captain's denial of lead {}", "Read reasons"),
    }
    return [
        WaitingItem(
            title.format(lead.number), f"{lead.case}, {lead.case.title}.", lead.get_absolute_url(), action_label=action
        )
        for lead in mine[:10]
        for title, action in [words[_next_step(lead)]]
    ]


def _next_step(lead) -> str:
    """What an open lead needs; of another, its state."""
    if lead.state != "open" or not any(one.counts for one in standings_read_with(lead).values()):
        return lead.state
    return "unanswered" if lead.unanswered else "backed"


def applications_to_decide(user) -> list[WaitingItem]:
    """Applications waiting for a captain, without those this captain approved as they are; the chief's where none can."""
    waiting = applications_visible_to(user).filter(state="submitted")
    if Role.CAPTAIN in user.role_names:
        own = WarrantDecision.objects.filter(application=OuterRef("pk"), captain=user.pk)
        with_own = waiting.annotate(decided=Exists(own))
        open_ones = [one for one in with_own if not (one.decided and user.pk in approvals_that_count(one))]
    elif Role.CHIEF in user.role_names:
        open_ones = list(for_the_chief(waiting))
    else:
        return []
    return [
        WaitingItem(f"Decide on application {application.number}",
                    f"{application.lead.case}, {application.lead.case.title}. "
                    f"From {application.applicant.short_name}.",
                    application.get_absolute_url(), action_label="Read and decide")
        for application in open_ones[:10]
    ]  # fmt: skip


def cases_to_accept(user) -> list[WaitingItem]:
    """Cases in which their opener searched and that wait for a captain's word (FR-02); not those this captain opened."""
    if not user.may("case.accept"):
        return []
    return [
        WaitingItem(f"Accept or refuse {case}",
                    f"{case.title}. {case.opened_by.short_name} opened it and searched in it. "
                    + (f"By {moment(case.by)}." if case.by > timezone.now() else "Too late for what was found."),
                    reverse("leads:case-acceptance", args=[case.case_number]), due=timezone.localdate(case.by),
                    action_label="Read and answer")
        for case in opened_by_who_searches(user).exclude(opened_by=user)[:10]
    ]  # fmt: skip


def veiled_lately(user) -> list[WaitingItem]:
    """Results that were veiled within the last month, for the auditor (FR-02)."""
    if not READS_VEILED_RESULTS & user.role_names:
        return []
    since = timezone.now() - VEILED_SHOWN
    return [
        WaitingItem(f"The result of {veil.search.number} was veiled", f"{veil.search.case}. {veil.get_ground_display()}. "
                    f"{veil.search.requested_by.short_name} had opened the case and searched in it.",
                    veil.search.get_absolute_url(), action_label="Read it", kind="lock", status="Veiled")
        for veil in veils_newest_first().filter(at__gte=since)[:10]
    ]  # fmt: skip


def returned_applications(user) -> list[WaitingItem]:
    """Applications of this person that went back because what they rest on fell, until the lead goes on."""
    if Role.INVESTIGATOR not in user.role_names:
        return []
    mine = (
        applications_visible_to(user)
        .filter(applicant=user, state="returned")
        .filter(Q(lead__state="open") | Q(lead__state="marked", asks_for=WarrantApplication.AsksFor.ARREST))
    )
    return [
        WaitingItem(f"Application {application.number} came back to you", application.returned_reason,
                    application.get_absolute_url(), action_label="Read why", kind="warn")
        for application in mine.order_by("-decided_at")[:5]
    ]  # fmt: skip


def against_what_was_approved(user) -> list[WaitingItem]:
    """What speaks against an approved application and came in since: told to who applied, who approved, and the chief."""
    if not user.role_names & {Role.INVESTIGATOR, Role.CAPTAIN, Role.CHIEF}:
        return []
    concerned = (
        Q(applicant=user) | Q(decisions__captain=user, decisions__outcome="approve") | Q(lead__case__captain=user)
    )
    found = with_news(applications_visible_to(user))
    mine = found if Role.CHIEF in user.role_names else found.filter(concerned).distinct()
    within = hours_to_disclose()
    return [
        WaitingItem(f"Something speaks against approved application {application.number}",
                    f"{application.lead.case}. It came in after approval. Disclose it in a supplement by "
                    f"{moment(application.came + within)}, or recall the approval.",
                    application.get_absolute_url(), action_label="Read it", kind="warn")
        for application in mine[:5]
    ]  # fmt: skip


def approved_to_send(user) -> list[WaitingItem]:
    """Approved applications of this person that have not gone to the prosecutor yet."""
    if Role.INVESTIGATOR not in user.role_names:
        return []
    sent = WarrantStep.objects.filter(application=OuterRef("pk"), kind=WarrantStep.Kind.SENT)
    mine = applications_visible_to(user).filter(~Exists(sent), applicant=user, state="approved")
    return [
        WaitingItem(f"Send approved application {application.number} to the prosecutor",
                    f"{application.lead.case}. Then record that it went.",
                    application.get_absolute_url(), action_label="Open")
        for application in mine.order_by("decided_at")[:5]
    ]  # fmt: skip


def waiting_for_others(user) -> list[WaitingItem]:
    """What this person waits for: second examiners, verifications, captains."""
    if Role.INVESTIGATOR not in user.role_names:
        return []
    asked = ExaminationRequest.objects.filter(
        asked_by=user, state="open", candidate__search__in=searches_visible_to(user)
    ).select_related("examiner", "candidate__search")
    items = [
        WaitingItem(f"Second examination, {request.candidate.search.number}", f"{request.examiner.short_name} is drawn.",
                    request.candidate.get_absolute_url())
        for request in asked[:5]
    ]  # fmt: skip
    submitted = applications_visible_to(user).filter(applicant=user, state="submitted")
    return items + [
        WaitingItem(f"Decision on {application.number}", f"{application.lead.case}. A captain decides.",
                    application.get_absolute_url())
        for application in submitted[:5]
    ]  # fmt: skip
