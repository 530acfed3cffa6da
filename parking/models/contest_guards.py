"""What the database refuses of contests: their order, their clocks, who decides, and how they end (PK-12, PK-13)."""

from ecpd.accounts.models.granted import decided
from ecpd.audit.records import refuse

TAKEN_BACK = decided(
    "contest.withdraw",
    about="parking.contest",
    which="d.subject_id = NEW.id::text",
    who="public.ecpd_has_role(d.actor_id, 'parking_manager') AND d.actor_id NOT IN ("
    "SELECT c.issued_by_id FROM public.parking_citation c WHERE c.id = NEW.citation_id)",
)

IN_ORDER = f"""
IF NEW.state <> 'open' THEN {refuse("PK-12", "A contest begins open.")} END IF;
IF NEW.scheduled_at IS NOT NULL THEN {refuse("PK-12", "A hearing is set for a day after it was asked for.")} END IF;
IF NEW.stage <> 'review' AND NOT EXISTS (
        SELECT 1 FROM parking_contestresult r JOIN parking_contest c ON c.id = r.contest_id
        WHERE c.citation_id = NEW.citation_id AND r.outcome <> 'dismissed'
          AND c.stage = CASE NEW.stage WHEN 'hearing' THEN 'review' ELSE 'hearing' END) THEN
    {refuse("PK-12", "A hearing follows the result of a review; an appeal follows the decision of a hearing.")}
END IF;
IF NEW.stage = 'hearing' AND NOT NEW.deposit_waived AND (
        SELECT coalesce(sum(e.amount_cents) FILTER (WHERE e.kind IN ('payment', 'refund')), 0)
             + coalesce(sum(e.amount_cents) FILTER (WHERE e.kind IN ('penalty', 'reduction')), 0)
        FROM parking_ledgerentry e WHERE e.citation_id = NEW.citation_id) > 0 THEN
    {refuse("PK-12", "Before a hearing the penalty is deposited, or its deposit waived for inability to pay.")}
END IF;
"""
# The earliest day that can be the last one, as `parking.selectors.citation_clock` has it; a closed office only moves it on.
FILED_IN_TIME = f"""
filed := (NEW.filed_at AT TIME ZONE 'America/Los_Angeles')::date;
IF NEW.stage = 'review' THEN
    SELECT greatest((c.issued_at AT TIME ZONE 'America/Los_Angeles')::date + ecpd_parameter_int('review_days_after_issue'),
                    max(m.on) + ecpd_parameter_int('review_days_after_delinquent')) INTO first
        FROM parking_citation c LEFT JOIN parking_citationnotice n ON n.citation_id = c.id AND n.kind = 'delinquent'
        LEFT JOIN parking_noticemailing m ON m.notice_id = n.id WHERE c.id = NEW.citation_id GROUP BY c.id;
ELSE
    SELECT m.on + CASE WHEN NEW.stage = 'hearing' THEN ecpd_parameter_int('hearing_days_after_result')
                       WHEN m.by_hand THEN ecpd_parameter_int('court_days_after_decision')
                       ELSE ecpd_parameter_int('court_days_after_decision')
                            + ecpd_parameter_int('court_mail_extension_days') END INTO first
        FROM parking_citationnotice n JOIN parking_noticemailing m ON m.notice_id = n.id
        WHERE n.citation_id = NEW.citation_id AND n.kind = CASE NEW.stage WHEN 'hearing' THEN 'review' ELSE 'hearing' END
        ORDER BY n.id DESC LIMIT 1;
END IF;
IF NEW.last_day < first THEN
    {refuse("PK-12", "An owner has all the days of the manual to file.")}
END IF;
IF filed > NEW.last_day AND NEW.grounds <> 'mismatch' AND NOT public.ecpd_says_something(NEW.late_reason) THEN
    {refuse("PK-12", "It was filed too late; say why it is taken all the same.")}
END IF;
"""
SET_IN_TIME = f"""
IF NEW.scheduled_at IS NULL OR NEW.scheduled_at IS NOT DISTINCT FROM OLD.scheduled_at THEN RETURN NEW; END IF;
day := (NEW.scheduled_at AT TIME ZONE 'America/Los_Angeles')::date;
filed := (NEW.filed_at AT TIME ZONE 'America/Los_Angeles')::date;
IF NEW.stage <> 'hearing' OR NEW.scheduled_at <= ecpd_now() THEN
    {refuse("PK-12", "A hearing, and nothing else, is set for a time to come.")}
END IF;
IF day > filed + ecpd_parameter_int('hearing_held_within_days') THEN
    {refuse("PK-12", "A hearing is held within the days of the manual from when it was asked for.")}
END IF;
"""
DECIDED_BY_A_RESULT = f"""
IF NEW.state <> OLD.state AND (OLD.state <> 'open' OR NEW.state = 'decided' AND NOT EXISTS (
        SELECT 1 FROM parking_contestresult r WHERE r.contest_id = NEW.id)) THEN
    {refuse("PK-12", "A contest ends with a result and its reason.")}
END IF;
IF NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn' AND EXISTS (
        SELECT 1 FROM parking_contestresult r WHERE r.contest_id = NEW.id) THEN
    {refuse("PK-12", "This contest has its result; it is not withdrawn any more.")}
END IF;
IF NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn' AND NOT {TAKEN_BACK} THEN
    {refuse("PK-12", "That an owner takes a contest back is noted by a manager who did not issue the citation.")}
END IF;
"""
INDEPENDENT = f"""
SELECT c.stage, c.state, c.citation_id, c.grounds INTO of_stage, of_state, of_citation, of_grounds
    FROM parking_contest c WHERE c.id = NEW.contest_id;
IF of_state <> 'open' THEN {refuse("PK-12", "This contest is decided already.")} END IF;
IF EXISTS (SELECT 1 FROM parking_citation x WHERE x.id = of_citation AND x.issued_by_id = NEW.decided_by_id) THEN
    {refuse("PK-12", "Who issued a citation does not decide a contest of it.")}
END IF;
IF of_stage = 'review' AND NOT ecpd_has_role(NEW.decided_by_id, 'parking_manager') THEN
    {refuse("PK-12", "A parking manager decides an initial review.")}
END IF;
IF of_stage = 'court' AND NOT (ecpd_has_role(NEW.decided_by_id, 'parking_manager')
        OR ecpd_has_role(NEW.decided_by_id, 'hearing_examiner')) THEN
    {refuse("PK-12", "A parking manager or a hearing examiner enters a court's decision.")}
END IF;
IF of_stage = 'court' AND NOT public.ecpd_says_something(NEW.court_number) THEN
    {refuse("PK-12", "A court's decision is entered with the court's case number.")}
END IF;
IF of_stage = 'hearing' AND (NOT ecpd_has_role(NEW.decided_by_id, 'hearing_examiner')
        OR ecpd_has_role(NEW.decided_by_id, 'parking_officer') OR ecpd_has_role(NEW.decided_by_id, 'parking_manager')
        OR EXISTS (SELECT 1 FROM parking_contestresult r JOIN parking_contest c ON c.id = r.contest_id
                   WHERE c.citation_id = of_citation AND r.decided_by_id = NEW.decided_by_id)
        OR EXISTS (SELECT 1 FROM parking_citation x JOIN parking_alertanswer a ON a.alert_id = x.alert_id
                   WHERE x.id = of_citation AND a.officer_id = NEW.decided_by_id)
        OR EXISTS (SELECT 1 FROM parking_citationdelivery d
                   WHERE d.citation_id = of_citation AND d.by_id = NEW.decided_by_id)) THEN
    {refuse("PK-12", "An examiner who had no part in it and is not enforcement staff decides a hearing.")}
END IF;
IF of_stage = 'hearing' AND EXISTS (
        SELECT 1 FROM parking_contest c WHERE c.id = NEW.contest_id AND c.manner <> 'writing'
        AND (c.scheduled_at IS NULL OR c.scheduled_at > ecpd_now())) THEN
    {refuse("PK-12", "A hearing is decided once it was held, or in writing where the owner chose that.")}
END IF;
IF of_stage = 'review' AND of_grounds = 'mismatch' AND (NEW.registration_matches IS NULL
        OR NOT NEW.registration_matches AND NEW.outcome <> 'dismissed') THEN
    {refuse("PK-13", "A vehicle that does not match its registration has its citation canceled on request.")}
END IF;
"""
