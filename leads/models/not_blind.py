"""Who cannot be the second, blind examiner of a face, in SQL for guards (FR-08).

Blind is who knows nothing of the matter: of the case, of those that are one matter with it, and of the face, under whatever
search of them. `person` is SQL for an account's id; the guard declares `NEEDS` and begins with `look_up`.
"""

from cases.models.by_name import EVER_NAMED, on_the_case

NEEDS = [("matter", "bigint[]"), ("the_face", "bigint[]")]
_LOOKS = ", ".join(f"'{action}'" for action in ("search.view", "lead.view", "warrant.view", "warrant.packet"))


def look_up(candidate: str, case: str) -> str:
    """PL/pgSQL: the cases of the matter of a case, and the candidates of them that show the person of a candidate."""
    return f"""
matter := ARRAY(SELECT public.ecpd_matter(({case})));
the_face := ARRAY(SELECT public.ecpd_candidates_of_the_face({candidate}));
"""


def requested(person: str) -> str:
    """SQL: whether this person asked for a search of the matter."""
    return f"""EXISTS (SELECT 1 FROM leads_searchrequest s WHERE s.case_id = ANY (matter) AND s.requested_by_id = {person})"""


def knows(person: str) -> str:
    """SQL: whether this person is or was on a case of the matter, may or might once do anything in one by name, or said,
    drawn as an examiner, that the case is known."""
    return f"""(EXISTS (SELECT 1 FROM leads_examinationrequest q JOIN leads_candidate c ON c.id = q.candidate_id
        JOIN leads_searchrequest s ON s.id = c.search_id
        WHERE q.examiner_id = {person} AND q.replaced_because = 'knows' AND s.case_id = ANY (matter))
    OR EXISTS (SELECT 1 FROM cases_caseassignment a WHERE a.user_id = {person} AND a.case_id = ANY (matter))
    OR EXISTS (SELECT 1 FROM unnest(matter) m(id) WHERE {on_the_case(person, "m.id")}
               OR {EVER_NAMED.format(person=person, case="m.id")}))"""


def looked(person: str) -> str:
    """SQL: whether the door let this person see what a search of the matter found."""
    return f"""EXISTS (SELECT 1 FROM policy_decision d JOIN cases_case k ON k.case_number = d.case_number
               WHERE d.actor_id = {person} AND d.outcome = 'allowed' AND d.action = ANY (ARRAY[{_LOOKS}])
                 AND k.id = ANY (matter))"""


def had_to_do(person: str) -> str:
    """SQL: whether this person opened a case of the matter, added to it, or did anything allowed on the record.

    But for a blind examination, which shows nothing of the case.
    """
    return f"""EXISTS (SELECT 1 FROM cases_case k
        WHERE k.id = ANY (matter) AND (k.opened_by_id = {person}
            OR EXISTS (SELECT 1 FROM cases_evidence e WHERE e.case_id = k.id AND e.added_by_id = {person})
            OR EXISTS (SELECT 1 FROM policy_decision d WHERE d.actor_id = {person} AND d.outcome = 'allowed'
                       AND d.case_number = k.case_number AND NOT starts_with(d.action, 'review.'))))"""


def examined_it(person: str, candidate: str) -> str:
    """SQL: whether this person, as whichever examiner, compared the face of a candidate under another search."""
    return f"""EXISTS (SELECT 1 FROM leads_examination x WHERE x.candidate_id = ANY (the_face)
        AND x.candidate_id <> {candidate} AND x.examiner_id = {person})"""


def was_shown_it(person: str, candidate: str) -> str:
    """SQL: whether this person is asked to compare the face of a candidate under another search, or was and opened it."""
    return f"""EXISTS (SELECT 1 FROM leads_examinationrequest q WHERE q.candidate_id = ANY (the_face)
        AND q.candidate_id <> {candidate} AND q.examiner_id = {person} AND (q.state = 'open' OR EXISTS (
            SELECT 1 FROM audit_conduct o WHERE o.actor_id = q.examiner_id AND o.action = 'examination.opened'
              AND o.subject_type = 'leads.examinationrequest' AND o.subject_id = q.id::text)))"""
