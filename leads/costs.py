"""What acts in a case would cost a captain: who had a part in a lead decides on no application for it (FR-13)."""

from typing import Any

from django.db.models.expressions import RawSQL

from cases.models import Case
from ecpd.accounts.roles import Role
from leads.models import Lead, SearchRequest

LIVE = (Lead.State.OPEN, Lead.State.MARKED, Lead.State.APPLIED, Lead.State.DENIED)
BARS_IN_A_CASE = ("evidence.add", "evidence.withdraw", "evidence.hand_over", "case.untie")
BARS_ON_A_PERSON = ("person.merge.propose", "person.merge.decide")
BARS_ON_A_LEAD = ("corroboration.verify", "exculpatory.add", "lead.sign_off", "lead.allow_purpose", "identity.answer")


def to_a_captain(case: Case, user: Any) -> dict[str, str]:
    """By action, that another captain decides then; nothing where no lead of the matter is left to decide on."""
    if Role.CAPTAIN not in user.role_names:
        return {}
    matter = RawSQL("SELECT public.ecpd_matter(%s)", [case.pk])
    leads = Lead.objects.filter(
        case__in=matter, state__in=LIVE, candidate__search__purpose=SearchRequest.Purpose.SUSPECT
    )
    here, elsewhere = [], False
    for number, of_case in leads.order_by("pk").values_list("number", "case_id"):
        here += [number] if of_case == case.pk else []
        elsewhere = elsewhere or of_case != case.pk
    if not here and not elsewhere:
        return {}
    costs = dict.fromkeys(BARS_IN_A_CASE, _words(here, elsewhere))
    if here:
        costs |= dict.fromkeys(BARS_ON_A_LEAD, "Then another captain decides on that lead.")
        costs |= dict.fromkeys(
            BARS_ON_A_PERSON, "If it is about the person of a lead, another captain decides on that lead."
        )
    return {act: words for act, words in costs.items() if user.may(act)}


def _words(here: list[str], elsewhere: bool) -> str:
    """Leads of other cases stay unnamed: this captain may not be let into those."""
    named = [f"lead{'s' if len(here) > 1 else ''} {' and '.join(here)}"] if here else []
    others = ["leads in other cases of this matter"] if elsewhere else []
    return f"Then another captain decides on {' and on '.join(named + others)}."
