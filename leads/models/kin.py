"""Exhibits that are one and the same to a rule: copies of one file, and what was made of another (FR-10, FR-13)."""

from ecpd.audit.functions import of_an_app
from leads.models.counts_as_v1 import COUNTS_AS
from leads.models.history_v1 import HISTORY
from leads.models.kin_v1 import KIN
from leads.models.matter_v2 import MATTER

for function in (KIN, COUNTS_AS, *(MATTER if one.name == MATTER.name else one for one in HISTORY)):
    of_an_app(function)


def kin_of(start: str) -> str:
    """SQL: the exhibits `start` selects (a condition on `k`) with all that share a file with them or were made of them."""
    return f"SELECT public.ecpd_kin(ARRAY(SELECT k.id FROM cases_evidence k WHERE {start}))"


def rejected(lead: str) -> str:
    """SQL: the exhibits that somebody rejected for a lead to this lead's face; they count under no other link (FR-24)."""
    return kin_of(
        "k.id IN (SELECT r.evidence_id FROM leads_corroboration r JOIN leads_corroborationverification w "
        "ON w.corroboration_id = r.id AND NOT w.verified "
        f"WHERE r.lead_id IN (SELECT public.ecpd_leads_of_the_face({lead})))"
    )
