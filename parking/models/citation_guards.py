"""What the database refuses of a citation beside its own fields: another than its alert's, and a second of one act.

A section is known by its number, however the code before it is written: Mun. Code 11.40.040, Municipal Code 11.40.040.
"""

from ecpd.audit.records import refuse

CITY = "AT TIME ZONE 'America/Los_Angeles'"


def number_of(section: str) -> str:
    """SQL: the number of a section with its letters in brackets; the whole of it where it has none."""
    plain = f"regexp_replace(lower({section}), '[^a-z0-9.()-]', '', 'g')"
    number = f"substring({plain} from '[0-9][0-9.-]*(?:[(][a-z0-9]+[)])*')"
    return f"regexp_replace(coalesce({number}, {plain}), '[^a-z0-9]', '', 'g')"


def letters(text: str) -> str:
    """SQL: a text without what is neither letter nor digit."""
    return f"regexp_replace(lower({text}), '[^a-z0-9]', '', 'g')"


# The violation that is anchored for all of one section.
FIRST_OF_ITS_SECTION = (
    "SELECT min(v.id) FROM parking_violation v, parking_violation own WHERE own.id = NEW.violation_id "
    f"AND {number_of('v.section')} = {number_of('own.section')}"
)
AS_ITS_ALERT_SAYS = f"""
IF NEW.alert_id IS NULL THEN RETURN NEW; END IF;
SELECT a.kind, a.zone_id, a.first_at, a.last_at INTO of_kind, of_zone, began, seen
    FROM parking_alert a WHERE a.id = NEW.alert_id;
IF (NEW.violation_at {CITY})::date <> (seen {CITY})::date
   OR NEW.violation_at < date_trunc('minute', coalesce(began, seen)) THEN
    {refuse("PK-01", "The reads of this alert show the vehicle there at another time.")}
END IF;
IF of_kind IN ('overtime', 'no_parking') AND NEW.zone_id IS DISTINCT FROM of_zone THEN
    {refuse("PK-01", "The reads of this alert show the vehicle in another zone.")}
END IF;
IF of_kind = 'overtime' AND NOT EXISTS (SELECT 1 FROM parking_violation v, parking_violation own
        WHERE own.id = NEW.violation_id AND own.needs_zone AND v.lifted_by_permit
          AND {number_of("v.section")} = {number_of("own.section")}) THEN
    {refuse("PK-01", "An alert of overtime is cited as a time limit, and as nothing else.")}
END IF;
"""
# A stay of its own: the alert's first read came after the other citation. By hand nobody can show that.
ONE_OF_AN_ACT = f"""
SELECT a.first_at INTO began FROM parking_alert a WHERE a.id = NEW.alert_id;
IF EXISTS (
        SELECT 1 FROM parking_citation c WHERE c.plate = NEW.plate AND c.state = 'issued'
        AND (c.plate_state = NEW.plate_state OR 'OTHER' IN (c.plate_state, NEW.plate_state))
        AND {number_of("c.section")} = {number_of("NEW.section")}
        AND (abs(extract(epoch FROM c.violation_at - NEW.violation_at)) <= 60 * ecpd_parameter_number('grace_minutes')
             OR (c.violation_at {CITY})::date = (NEW.violation_at {CITY})::date
                AND (c.zone_id = NEW.zone_id OR (c.zone_id IS NULL OR NEW.zone_id IS NULL)
                     AND {letters("c.place")} = {letters("NEW.place")})
                AND (began > c.violation_at) IS NOT TRUE)) THEN
    {refuse("PK-07", "This vehicle is cited for that already, at that place on that day.")}
END IF;
"""
# A favor is somebody else's: who issued it takes nothing off, and puts nothing off.
BY_ITS_ISSUER = "EXISTS (SELECT 1 FROM parking_citation own WHERE own.id = NEW.citation_id AND own.issued_by_id = {})"
NO_REDUCTION_OF_ONES_OWN = f"""
IF NEW.kind = 'reduction' AND {BY_ITS_ISSUER.format("NEW.by_id")} THEN
    {refuse("PK-15", "Who issued a citation takes nothing off it; somebody else does.")}
END IF;
"""
NO_PAUSE_OF_ONES_OWN = f"""
IF NEW.kind = 'other' AND {BY_ITS_ISSUER.format("NEW.placed_by_id")} THEN
    {refuse("PK-15", "Who issued a citation does not put its collection off; somebody else does.")}
END IF;
"""
NO_PLAN_OF_ONES_OWN = f"""
IF EXISTS (SELECT 1 FROM parking_citation own JOIN parking_paymentplan p ON p.granted_by_id = own.issued_by_id
           WHERE own.id = NEW.citation_id AND p.id = NEW.plan_id) THEN
    {refuse("PK-15", "Who issued a citation grants no plan for it; somebody else does.")}
END IF;
"""
NO_ANSWER_ON_ONES_OWN = f"""
IF NEW.answered_by_id IS NOT NULL AND {BY_ITS_ISSUER.format("NEW.answered_by_id")} THEN
    {refuse("PK-15", "Who issued a citation answers no request for help with paying it; somebody else does.")}
END IF;
"""
NO_WAIVER_OF_ONES_OWN = f"""
IF (NEW.deposit_waived OR NEW.late_reason <> '') AND {BY_ITS_ISSUER.format("NEW.entered_by_id")} THEN
    {refuse("PK-15", "Who issued a citation waives no deposit and no day of it; somebody else does.")}
END IF;
"""
