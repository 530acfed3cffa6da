"""Second examinations that were asked for before the rules held in the database: withdrawn, and drawn anew by lot (FR-08).

Who was asked then may have seen the result since, by ways that are closed now. Drawn is a certified investigator who neither
requested the search, examined the candidate, opened its result nor has a permission on the case, and is not the one of
before. Where there is nobody, the request is withdrawn and doctor names the candidate. All of it is on the timeline.
"""

from django.db import migrations

DRAWN_ANEW = """
DO $$
DECLARE asked record; drawn bigint;
BEGIN
    FOR asked IN
        SELECT r.*, c.rank, c.search_id, s.number, s.case_id, s.requested_by_id FROM public.leads_examinationrequest r
        JOIN public.leads_candidate c ON c.id = r.candidate_id JOIN public.leads_searchrequest s ON s.id = c.search_id
        WHERE r.state = 'open' ORDER BY r.id
    LOOP
        UPDATE public.leads_examinationrequest SET state = 'withdrawn' WHERE id = asked.id;
        SELECT u.id INTO drawn FROM public.accounts_user u
        WHERE public.ecpd_has_role(u.id, 'investigator') AND public.ecpd_has_certificate(u.id, 'facial_recognition')
          AND u.id NOT IN (asked.examiner_id, asked.requested_by_id, asked.asked_by_id)
          AND NOT EXISTS (SELECT 1 FROM public.leads_examination e
                          WHERE e.candidate_id = asked.candidate_id AND e.examiner_id = u.id)
          AND NOT EXISTS (SELECT 1 FROM public.policy_decision d WHERE d.actor_id = u.id AND d.action = 'search.view'
                          AND d.outcome = 'allowed' AND d.subject_type = 'leads.searchrequest'
                          AND d.subject_id = asked.search_id::text)
          AND NOT EXISTS (SELECT 1 FROM public.guardian_userobjectpermission p
                          JOIN public.django_content_type t ON t.id = p.content_type_id
                          WHERE p.user_id = u.id AND t.app_label = 'cases' AND t.model = 'case'
                          AND p.object_pk = asked.case_id::text)
        ORDER BY gen_random_uuid() LIMIT 1;
        IF drawn IS NOT NULL THEN
            INSERT INTO public.leads_examinationrequest (candidate_id, examiner_id, asked_by_id, asked_at, due_on, state)
            VALUES (asked.candidate_id, drawn, asked.asked_by_id, public.ecpd_now(), asked.due_on, 'open');
        END IF;
        INSERT INTO public.cases_timelineentry (case_id, at, kind, headline, detail, actor_id, url)
        VALUES (asked.case_id, public.ecpd_now(), 'examination',
            format('Second examination of candidate %s withdrawn at the upgrade%s.', asked.rank,
                   CASE WHEN drawn IS NULL THEN '; ask another examiner' ELSE '; another examiner was drawn by lot' END),
            'Who was asked under the earlier version could have come to know the result (FR-08).', NULL,
            format('/searches/%s/candidates/%s/', asked.number, asked.rank));
    END LOOP;
END $$
"""


class Migration(migrations.Migration):
    """Once, of what is open when it runs."""

    dependencies = [("leads", "0022_born_at_the_beginning"), ("guardian", "0001_initial")]

    operations = [migrations.RunSQL(DRAWN_ANEW, migrations.RunSQL.noop)]
