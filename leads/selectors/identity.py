"""Who the person of a lead is said to be, and whether that stands (FR-26)."""

from leads.models import Identity, IdentityAnswer, Lead

Outcome = IdentityAnswer.Outcome
CHECKED = "Checked"


def identities_of(lead: Lead) -> list[Identity]:
    """Every identity that was entered for a lead, the first one first, with its answers."""
    found = lead.identities.select_related("evidence", "entered_by").prefetch_related("answers__by")
    return list(found.order_by("pk"))


def stands(identity: Identity) -> bool:
    """Whether a second person agreed, nobody disputed or withdrew it, and its exhibit stands; as the database has it."""
    return where_it_stands(identity) == CHECKED


def where_it_stands(identity: Identity) -> str:
    """In words: waits for a second person, checked, disputed, withdrawn, or its exhibit is gone."""
    said = {answer.outcome for answer in identity.answers.all()}
    if identity.evidence.withdrawn_at is not None:
        return "Its exhibit was withdrawn"
    for outcome, words in (
        (Outcome.WITHDRAWN, "Withdrawn"),
        (Outcome.DISPUTED, "Disputed"),
        (Outcome.AGREES, CHECKED),
    ):
        if outcome in said:
            return words
    return "Waits for a second person"


def checked_identities(lead: Lead) -> list[Identity]:
    """Those that stand: an application to arrest names one of them."""
    return [one for one in identities_of(lead) if stands(one)]
