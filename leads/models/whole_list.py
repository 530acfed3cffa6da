"""SQL: what the list of a candidate still lacks before one of it makes a lead (FR-08)."""


def unexamined(candidate: str) -> str:
    """SQL: the candidates in the list of this one, and itself, that nobody has compared yet.

    Of a list that went on already, in a release that asked no more, those at or above the bar.
    """
    return f"""SELECT 1 FROM leads_candidate mine JOIN leads_searchrequest s ON s.id = mine.search_id
        JOIN leads_candidate c ON c.search_id = s.id AND (c.id = mine.id OR c.match_score >= s.threshold OR NOT EXISTS (
            SELECT 1 FROM leads_examinationrequest r JOIN leads_candidate o ON o.id = r.candidate_id
            WHERE o.search_id = s.id))
        WHERE mine.id = {candidate} AND NOT EXISTS (
            SELECT 1 FROM leads_examination e WHERE e.candidate_id = c.id AND e.position = 1)"""


def not_sent(candidate: str) -> str:
    """SQL: the candidates at or above the bar, in the list of this one, that no second examiner has, or had and answered,
    though somebody could be drawn."""
    return f"""SELECT 1 FROM leads_candidate mine JOIN leads_searchrequest s ON s.id = mine.search_id
        JOIN leads_candidate c ON c.search_id = s.id AND c.match_score >= s.threshold
        WHERE mine.id = {candidate}
          AND NOT EXISTS (SELECT 1 FROM leads_examination e WHERE e.candidate_id = c.id AND e.position = 2)
          AND NOT EXISTS (SELECT 1 FROM leads_examinationrequest r WHERE r.candidate_id = c.id AND r.state = 'open')
          AND EXISTS (SELECT 1 FROM public.ecpd_lot(c.id))"""


def veiled(candidate: str) -> str:
    """SQL: whether the result that lists this candidate is veiled, or to be (FR-02)."""
    return f"""EXISTS (SELECT 1 FROM leads_candidate c WHERE c.id = {candidate}
        AND public.ecpd_self_opened(c.search_id) IN ('refused', 'late'))"""
