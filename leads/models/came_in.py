"""What came into a case after a captain opened the packet: nobody decides on what he has not seen (FR-13).

`leads.selectors.came_in` says the same.
"""

from cases.models.person import ONE_PERSON
from leads.models.photo import is_of

# SQL: whose examination or verification a lead rests on, and who may do neither any more; `lead` is SQL for its id.
OUT_OF_ROLE = """
    SELECT x.examiner_id FROM leads_examination x JOIN leads_lead l ON l.candidate_id = x.candidate_id
    WHERE l.id = {lead} AND NOT public.ecpd_has_role(x.examiner_id, 'investigator')
    UNION SELECT v.verifier_id FROM leads_corroborationverification v JOIN leads_corroboration c ON c.id = v.corroboration_id
    WHERE c.lead_id = {lead} AND NOT public.ecpd_has_role(v.verifier_id, 'investigator')
      AND NOT public.ecpd_has_role(v.verifier_id, 'captain')"""
OWN_PART = "The application and its decision"  # the packet's part that grows with each captain's own words


def came_in(lead: str, moment: str) -> str:
    """SQL: whether anything came into the lead's case after `moment`, or of its face or its searches into the matter; both are
    SQL."""
    return f"""(
    EXISTS (SELECT 1 FROM leads_exculpatoryentry x LEFT JOIN leads_exculpatoryanswer y ON y.entry_id = x.id
            WHERE x.lead_id = {lead} AND greatest(x.entered_at, y.answered_at) > {moment}
               OR x.origin = '' AND x.entered_at > {moment}
                  AND x.lead_id IN (SELECT public.ecpd_leads_of_the_face({lead})))
    OR EXISTS (SELECT 1 FROM leads_corroboration c
               LEFT JOIN leads_corroborationverification v ON v.corroboration_id = c.id
               WHERE c.lead_id IN (SELECT public.ecpd_leads_of_the_face({lead}))
                 AND greatest(c.linked_at, c.withdrawn_at, v.at) > {moment})
    OR EXISTS (SELECT 1 FROM leads_identity i LEFT JOIN leads_identityanswer y ON y.identity_id = i.id
               WHERE i.lead_id = {lead} AND greatest(i.entered_at, y.at) > {moment})
    OR EXISTS (SELECT 1 FROM leads_lead l WHERE l.id IN (SELECT public.ecpd_leads_of_the_face({lead}))
               AND l.cleared_at > {moment})
    OR EXISTS (SELECT 1 FROM leads_warrantapplication a WHERE a.lead_id IN (SELECT public.ecpd_leads_of_the_face({lead}))
               AND a.lead_id <> {lead} AND (a.decided_at > {moment} OR EXISTS (
                   SELECT 1 FROM leads_warrantstep t WHERE t.application_id = a.id AND t.at > {moment})))
    OR EXISTS (SELECT 1 FROM leads_lead l JOIN cases_evidence e ON e.case_id = l.case_id
               WHERE l.id = {lead} AND greatest(e.added_at, e.withdrawn_at) > {moment})
    OR EXISTS (SELECT 1 FROM leads_lead l JOIN cases_personmerge m ON m.case_id = l.case_id
               WHERE l.id = {lead} AND greatest(m.proposed_at, m.decided_at, m.undone_at) > {moment})
    OR EXISTS (SELECT 1 FROM leads_lead l JOIN audit_auditevent v
               ON v.table_name = 'cases_person' AND v.operation = 'U' AND v.at > {moment}
               AND v.row_id IN (SELECT one.id::text FROM ({ONE_PERSON.format(ids="l.person_id")}) one) WHERE l.id = {lead})
    OR EXISTS (SELECT 1 FROM leads_lead l JOIN audit_auditevent v
               ON v.table_name = 'cases_person' AND v.operation IN ('I', 'U') AND v.at > {moment}
               AND v.row_id IN (SELECT q.id::text FROM cases_person q WHERE q.case_id = l.case_id) WHERE l.id = {lead})
    OR EXISTS (SELECT 1 FROM leads_lead l JOIN audit_auditevent v
               ON v.table_name = 'cases_case' AND v.operation = 'U' AND v.row_id = l.case_id::text
               WHERE l.id = {lead} AND v.at > {moment})
    OR EXISTS (SELECT 1 FROM leads_lead l CROSS JOIN LATERAL public.ecpd_matter(l.case_id) m(id)
               JOIN leads_searchrequest s ON s.case_id = m.id
               LEFT JOIN leads_candidate c ON c.search_id = s.id LEFT JOIN leads_examination x ON x.candidate_id = c.id
               WHERE l.id = {lead} AND greatest(s.requested_at, s.finished_at, x.recorded_at) > {moment})
    OR EXISTS (SELECT 1 FROM leads_lead l CROSS JOIN LATERAL public.ecpd_matter(l.case_id) m(id)
               JOIN leads_searchrequest s ON s.case_id = m.id JOIN leads_searchreplay y ON y.search_id = s.id
               WHERE l.id = {lead} AND NOT y.same AND y.at > {moment})
    OR EXISTS (SELECT 1 FROM leads_lead l CROSS JOIN LATERAL public.ecpd_matter(l.case_id) m(id)
               JOIN cases_incidentnumber n ON n.case_id = m.id
               WHERE l.id = {lead} AND greatest(n.entered_at, n.withdrawn_at) > {moment})
    OR EXISTS (SELECT 1 FROM leads_lead l CROSS JOIN LATERAL public.ecpd_matter(l.case_id) m(id)
               JOIN cases_caselink k ON m.id IN (k.case_id, k.other_id)
               WHERE l.id = {lead} AND greatest(k.entered_at, k.withdrawn_at) > {moment})
    OR EXISTS (SELECT 1 FROM leads_purposeexception x
               WHERE x.lead_id IN (SELECT public.ecpd_leads_of_the_face({lead})) AND x.at > {moment})
    OR EXISTS (SELECT 1 FROM leads_lead l JOIN cases_casenote n ON n.case_id = l.case_id
               WHERE l.id = {lead} AND n.at > {moment})
    OR EXISTS (SELECT 1 FROM leads_lead l JOIN cases_notsameperson n ON n.case_id = l.case_id
               WHERE l.id = {lead} AND n.at > {moment})
    OR EXISTS (SELECT 1 FROM leads_lead l JOIN cases_evidence e ON e.case_id = l.case_id
               JOIN cases_custodyentry u ON u.evidence_id = e.id
               WHERE l.id = {lead} AND u.recorded_at > {moment})
    OR EXISTS (SELECT 1 FROM leads_lead l JOIN leads_examination x ON x.candidate_id = l.candidate_id
               JOIN accounts_trainingcertificate t ON t.id = x.certificate_id
               WHERE l.id = {lead} AND t.suspended_at > {moment})
    OR EXISTS (SELECT 1 FROM audit_auditevent v WHERE v.table_name = 'accounts_user' AND v.operation = 'U' AND v.at > {moment}
               AND v.row_id IN (SELECT one.examiner_id::text FROM ({OUT_OF_ROLE.format(lead=lead)}) one))
    OR EXISTS (SELECT 1 FROM leads_lead l JOIN leads_candidate c ON c.id = l.candidate_id
               JOIN leads_searchrequest s ON s.id = c.search_id
               JOIN cases_evidence e ON e.case_id <> l.case_id AND e.id IN (SELECT public.ecpd_kin(ARRAY[s.probe_id]))
               WHERE l.id = {lead} AND greatest(e.added_at, e.withdrawn_at) > {moment})
    OR EXISTS (SELECT 1 FROM leads_lead l JOIN leads_candidate c ON c.id = l.candidate_id
               JOIN leads_galleryface f ON f.id = c.face_id JOIN leads_galleryphoto p ON p.id = f.photo_id
               JOIN leads_gallerysource g ON g.id = p.source_id
               WHERE l.id = {lead} AND g.withdrawn_at > {moment})
    OR EXISTS (SELECT 1 FROM leads_lead l JOIN leads_candidate c ON c.id = l.candidate_id
               JOIN leads_galleryface f ON f.id = c.face_id JOIN leads_galleryphoto p ON p.id = f.photo_id
               JOIN leads_optout o ON {is_of("p")}
               JOIN audit_auditevent v ON v.table_name = 'leads_optout' AND v.row_id = o.id::text
               WHERE l.id = {lead} AND v.at > {moment}))"""


def approvals(application: str, lead: str, *, captain: str = "d.captain_id") -> str:
    """SQL: how many captains approved the packet as it was opened last, with nothing that came in since they opened it.

    The part with the captains' own words grows as they decide, so it is left out; ids as SQL. `captain`: only this one.
    """
    return f"""(SELECT count(DISTINCT d.captain_id) FROM leads_warrantdecision d
        JOIN leads_packetreading r ON r.id = d.packet_reading_id WHERE d.application_id = {application}
        AND d.captain_id = {captain} AND d.outcome = 'approve' AND NOT {came_in(lead, "r.at")}
        AND NOT EXISTS (SELECT 1 FROM leads_packetreading later WHERE later.application_id = {application}
                        AND later.id = (SELECT max(n.id) FROM leads_packetreading n WHERE n.application_id = {application})
                        AND later.parts - '{OWN_PART}' IS DISTINCT FROM r.parts - '{OWN_PART}'))"""
