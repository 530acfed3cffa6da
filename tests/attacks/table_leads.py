"""Attacks on the rules of leads: the sentence of a trigger, the statement that would break it."""

from tests.attacks.attack import Attack
from tests.attacks.guards import Guard

ATTACKS = [
    Attack(
        "a lead skips its steps",
        Guard("leads_lead", "fr_10_steps", "FR-10: A lead cannot take that step."),
        "UPDATE leads_lead SET state = 'denied' WHERE id = {lead_id}",
    ),
    Attack(
        "a lead is marked with nothing behind it",
        Guard(
            "leads_lead",
            "fr_10_warrant_needs_corroboration",
            "FR-10: Not enough verified evidence that does not come from the search links this person.",
        ),
        "UPDATE leads_lead SET state = 'marked' WHERE id = {lead_id}",
    ),
]
