"""Who had a part in a lead: such a person neither decides on its application nor signs off on it (FR-08, FR-13)."""

from leads.models.kin import kin_of

ITS_PROBE = """k.id = (SELECT s.probe_id FROM leads_lead l JOIN leads_candidate c ON c.id = l.candidate_id
    JOIN leads_searchrequest s ON s.id = c.search_id WHERE l.id = {lead})"""


def searches_of_its_picture(lead: str) -> str:
    """SQL: every search, whatever became of it, for a face of the lead's picture: of its exhibit, a copy or an edit."""
    return f"SELECT q.id FROM leads_searchrequest q WHERE q.probe_id IN ({kin_of(ITS_PROBE.format(lead=lead))})"


def leads_of_its_face(lead: str) -> str:
    """SQL: every lead of the matter to the face of this lead, itself among them (`leads.models.history_v1`)."""
    return f"SELECT public.ecpd_leads_of_the_face({lead})"


def first_search(lead: str) -> str:
    """SQL: when the first search of the lead's matter was asked for, whatever it found: from then on somebody may know."""
    return f"""(SELECT min(s.requested_at) FROM leads_lead f CROSS JOIN LATERAL public.ecpd_matter(f.case_id) m(id)
        JOIN leads_searchrequest s ON s.case_id = m.id WHERE f.id = {lead})"""


def links_of_its_evidence(lead: str) -> str:
    """SQL: the links, to whatever lead of the matter, of what is linked to a lead to the face of this one: of the exhibit, a
    copy or a version of it, of the same report, or of words of the same witness."""
    return f"""WITH of_face AS MATERIALIZED (SELECT b.evidence_id, b.details FROM leads_corroboration b
            WHERE b.lead_id IN ({leads_of_its_face(lead)})),
        kin AS MATERIALIZED (SELECT k.id FROM public.ecpd_kin(ARRAY(SELECT b.evidence_id FROM of_face b)) k(id)),
        of_matter AS MATERIALIZED (SELECT c.id, c.evidence_id, c.details
            FROM leads_lead l CROSS JOIN LATERAL public.ecpd_matter(l.case_id) m(id)
            JOIN leads_lead o ON o.case_id = m.id JOIN leads_corroboration c ON c.lead_id = o.id WHERE l.id = {lead})
        SELECT c.id FROM of_matter c WHERE c.evidence_id IN (SELECT k.id FROM kin k)
            OR EXISTS (SELECT 1 FROM of_face b WHERE public.ecpd_one_report(b.details, c.details)
                OR public.ecpd_one_witness(b.details ->> 'witness', c.details ->> 'witness'))"""


def of_the_case(table: str, row: str, operations: str, lead: str) -> str:
    """SQL: the log's entries `v` of what was done to this row since the first search, with the decision `p` behind each."""
    return f"""audit_auditevent v JOIN policy_decision p ON p.id = v.decision_id
        WHERE v.table_name = '{table}' AND v.row_id = {row}::text AND v.operation IN ({operations})
          AND v.at > {first_search(lead)}"""


def had_a_part(person: str, lead: str) -> str:
    """SQL: whether this person did anything that the lead rests on. `person` and `lead` are SQL for their ids.

    Who searched (for whatever face of that picture), examined what such a search found or asked somebody to, added an
    exhibit to a case of the matter, withdrew one or recorded that it was handed over, or took back that cases are one; who
    withdrew a person of it or, since the matter's first search, entered or rewrote one, changed what a case of it says, or
    sealed another case of it or opened its seal; or made any lead to its face, marked it (also once, before another did),
    cleared any lead of the matter, linked, took a link back or verified (for whatever lead of the matter, where it is of
    the same evidence), entered or answered what points away, applied, said who its person is or
    checked that, or said whether that is another (also once: a merge that is undone). What else is changed by whom, and why it
    is no part, says
    `tests/leads/warrant/test_had_a_part.py`.
    """
    face = leads_of_its_face(lead)
    return f"""(
    EXISTS (SELECT 1 FROM leads_lead l JOIN leads_candidate c ON c.id = l.candidate_id
            JOIN leads_searchrequest s ON s.id = c.search_id LEFT JOIN leads_examination e ON e.candidate_id = c.id
            LEFT JOIN leads_examinationrequest r ON r.candidate_id = c.id
            WHERE l.id IN ({face})
              AND {person} IN (s.requested_by_id, e.examiner_id, r.asked_by_id, l.created_by_id, l.marked_by_id, l.cleared_by_id))
    OR EXISTS (SELECT 1 FROM leads_searchrequest s LEFT JOIN leads_candidate c ON c.search_id = s.id
               LEFT JOIN leads_examination e ON e.candidate_id = c.id
               LEFT JOIN leads_examinationrequest r ON r.candidate_id = c.id
               WHERE s.id IN ({searches_of_its_picture(lead)})
                 AND {person} IN (s.requested_by_id, e.examiner_id, r.asked_by_id))
    OR EXISTS (SELECT 1 FROM leads_corroboration c
               LEFT JOIN leads_corroborationverification v ON v.corroboration_id = c.id
               WHERE {person} IN (c.linked_by_id, c.withdrawn_by_id, v.verifier_id)
                 AND (c.lead_id IN ({face}) OR c.id IN ({links_of_its_evidence(lead)})))
    OR EXISTS (SELECT 1 FROM leads_lead l CROSS JOIN LATERAL public.ecpd_matter(l.case_id) m(id)
               JOIN leads_lead o ON o.case_id = m.id WHERE l.id = {lead} AND o.cleared_by_id = {person})
    OR EXISTS (SELECT 1 FROM leads_warrantapplication a WHERE a.lead_id IN ({face}) AND a.applicant_id = {person})
    OR EXISTS (SELECT 1 FROM leads_identity i LEFT JOIN leads_identityanswer y ON y.identity_id = i.id
               WHERE i.lead_id IN ({face}) AND {person} IN (i.entered_by_id, y.by_id))
    OR EXISTS (SELECT 1 FROM leads_exculpatoryentry x LEFT JOIN leads_exculpatoryanswer y ON y.entry_id = x.id
               WHERE x.lead_id IN ({face}) AND {person} IN (x.entered_by_id, y.answered_by_id))
    OR EXISTS (SELECT 1 FROM leads_lead l CROSS JOIN LATERAL public.ecpd_matter(l.case_id) m(id)
               JOIN cases_evidence e ON e.case_id = m.id LEFT JOIN cases_custodyentry u ON u.evidence_id = e.id
               WHERE l.id = {lead} AND {person} IN (e.added_by_id, e.withdrawn_by_id, u.recorded_by_id))
    OR EXISTS (SELECT 1 FROM leads_lead l JOIN cases_personmerge m ON l.person_id IN (m.keep_id, m.duplicate_id)
               WHERE l.id IN ({face}) AND {person} IN (m.proposed_by_id, m.decided_by_id, m.undone_by_id))
    OR EXISTS (SELECT 1 FROM leads_lead l JOIN cases_notsameperson n ON l.person_id IN (n.person_a_id, n.person_b_id)
               WHERE l.id IN ({face}) AND n.recorded_by_id = {person})
    OR EXISTS (SELECT 1 FROM leads_lead l CROSS JOIN LATERAL public.ecpd_matter(l.case_id) m(id)
               LEFT JOIN cases_incidentnumber n ON n.case_id = m.id
               LEFT JOIN cases_caselink k ON m.id IN (k.case_id, k.other_id)
               WHERE l.id = {lead} AND {person} IN (n.withdrawn_by_id, k.withdrawn_by_id))
    OR EXISTS (SELECT 1 FROM leads_lead l CROSS JOIN LATERAL public.ecpd_matter(l.case_id) m(id)
               JOIN cases_person q ON q.case_id = m.id WHERE l.id = {lead} AND (q.withdrawn_by_id = {person} OR EXISTS (
                   SELECT 1 FROM {of_the_case("cases_person", "q.id", "'I', 'U'", lead)}
                     AND p.actor_id = {person} AND p.action = 'case.contribute')))
    OR EXISTS (SELECT 1 FROM leads_lead l CROSS JOIN LATERAL public.ecpd_matter(l.case_id) m(id)
               WHERE l.id = {lead} AND EXISTS (SELECT 1 FROM {of_the_case("cases_case", "m.id", "'U'", lead)}
                   AND p.actor_id = {person}
                   AND (p.action = 'case.manage' OR p.action = 'case.seal' AND m.id <> l.case_id)))
    OR EXISTS (SELECT 1 FROM policy_decision p WHERE p.actor_id = {person} AND p.outcome = 'allowed'
               AND p.action = 'lead.mark_for_warrant' AND p.subject_type = 'leads.lead'
               AND p.subject_id IN (SELECT of_face.id::text FROM ({face}) of_face(id))))"""


def signed_off(person: str, lead: str) -> str:
    """SQL: whether this person signed off, as a third one, on a lead to the face of this lead."""
    return f"""EXISTS (SELECT 1 FROM leads_leadsignoff s WHERE s.lead_id IN ({leads_of_its_face(lead)})
        AND s.supervisor_id = {person})"""


def excepted(person: str, lead: str) -> str:
    """SQL: whether this person said why the face of this lead has a way to a warrant though it was no suspect's (FR-12)."""
    return f"""EXISTS (SELECT 1 FROM leads_purposeexception x WHERE x.lead_id IN ({leads_of_its_face(lead)})
        AND x.captain_id = {person})"""


def decided_on_it(person: str, lead: str) -> str:
    """SQL: whether this person decided, as a captain, on an application for the face of this lead."""
    return f"""EXISTS (SELECT 1 FROM leads_warrantdecision d JOIN leads_warrantapplication a ON a.id = d.application_id
        WHERE a.lead_id IN ({leads_of_its_face(lead)}) AND d.captain_id = {person})"""
