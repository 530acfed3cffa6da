"""The tabs that leads adds to a case's page, and the next step it proposes."""

from django.db.models import Exists, OuterRef
from django.urls import reverse

from cases.models import Case
from cases.panels import NextStep, Panel
from ecpd.policy.versions import settings_in_force
from ecpd.web.words import moment
from leads.models import Examination, Lead, SearchRequest
from leads.selectors.dark import dark_among
from leads.selectors.lead import CAN_BE_MARKED, standing_of, with_standing
from leads.selectors.review import blind_cases
from leads.selectors.self_opened import VEILED, Stands


def searches(case: Case, user) -> Panel:
    """The case's searches; none for who is asked to examine something of it blindly (FR-08)."""
    compared = Examination.objects.filter(candidate__search=OuterRef("pk"))
    rows = (
        case.searches.exclude(case__in=blind_cases(user))
        .select_related("requested_by", "probe")
        .defer("probe_embedding")
    )
    found = list(rows.annotate(compared=Exists(compared), stands=Stands("pk")).order_by("-id"))
    waits = next((search for search in reversed(found) if search.stands), None)
    answers = set(case.acceptances.values_list("accepted", flat=True)) if waits is not None else set()
    may_accept = waits is not None and True not in answers and case.opened_by_id != user.pk and user.may("case.accept")
    dark = dark_among(found, user)
    shown = {"case": case, "searches": found, "waits": waits, "may_accept": may_accept, "dark": dark}
    step = _next_word(case, waits) if waits is not None and may_accept and not answers else _next_search(found, dark)
    return Panel("leads/search/_case_tab.html", shown, len(found), step)


def leads(case: Case, user) -> Panel:
    """The case's leads; none for who is asked to examine something of it blindly (FR-08)."""
    leads = case.leads.exclude(case__in=blind_cases(user)).select_related("case", "person", "created_by")
    found, settings = list(with_standing(leads).order_by("-id")), settings_in_force()
    rows = [(lead, standing_of(lead, settings)) for lead in found]
    return Panel(
        "leads/lead/_case_tab.html", {"case": case, "leads": found, "rows": rows}, len(found), _next_lead(rows)
    )


def _next_word(case: Case, waits: SearchRequest) -> NextStep:
    """A captain is asked whether a case is opened rightly in which its opener searches (FR-02)."""
    words = {
        "waits": ("accept this case, or refuse it",
                  f"{waits.requested_by.short_name} opened it and searched in it. Until {moment(waits.accept_by)}: after that "
                  "the result is closed."),
        "late": ("accept this case for new searches, or refuse it",
                 "Nobody accepted it in time; what was found stays closed."),
    }  # fmt: skip
    title, detail = words[waits.stands]
    return NextStep(title, detail, reverse("leads:case-acceptance", args=[case.case_number]), "Read and answer")


def _next_search(found: list, dark: set[int]) -> NextStep | None:
    for search in found:
        if search.pk in dark:
            return NextStep(f"compare the faces of {search.number}",
                            "One at a time, in random order, before anything else of its list is shown.",
                            search.get_absolute_url(), "Open search")  # fmt: skip
        if (
            search.state == SearchRequest.State.DONE
            and search.above_bar
            and not search.compared
            and (search.stands not in VEILED)
        ):
            return NextStep(f"examine the candidates of {search.number}",
                            f"{search.above_bar} at or above {search.threshold:g}. Compare the faces before anything else.",
                            search.get_absolute_url(), "Open search")  # fmt: skip
    return None


def _next_lead(rows: list[tuple[Lead, str]]) -> NextStep | None:
    words = {
        CAN_BE_MARKED: ("mark lead {} for a warrant, or clear it",
                        "It has its evidence, and all that points away has an answer."),
        "open": ("back up lead {}, or clear it",
                 "A warrant application needs verified evidence that does not rest on the face."),
        "marked": ("apply for a warrant on lead {}", "It is marked; a captain who had no part in it decides."),
        "denied": ("read the captain's reasons on lead {}", "A new application needs something new."),
    }  # fmt: skip
    for lead, stands in rows:
        if step := words.get(stands) or words.get(lead.state):
            title, detail = step
            return NextStep(title.format(lead.number), detail, lead.get_absolute_url(), "Open lead")
    return None
