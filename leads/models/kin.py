"""Exhibits that are one and the same to a rule: copies of one file, and what was made of another (FR-10, FR-13)."""


def kin_of(start: str) -> str:
    """SQL: the exhibits `start` selects (a condition on `k`) with all that share a file with them or were made of them.

    `leads.selectors.kin.kin_of` says the same.
    """
    return f"""WITH RECURSIVE kin AS (
    SELECT k.id, k.file_id, k.derived_from_id FROM cases_evidence k WHERE {start}
    UNION SELECT k.id, k.file_id, k.derived_from_id FROM cases_evidence k JOIN kin
        ON k.file_id = kin.file_id OR k.derived_from_id = kin.id OR k.id = kin.derived_from_id)
    SELECT id FROM kin"""


def rejected(lead: str) -> str:
    """SQL: the exhibits that somebody rejected for this lead under whatever link; they count under no other."""
    return kin_of(
        "k.id IN (SELECT r.evidence_id FROM leads_corroboration r JOIN leads_corroborationverification w "
        f"ON w.corroboration_id = r.id AND NOT w.verified WHERE r.lead_id = {lead})"
    )
