"""What the database refuses of a citation beside its own fields: another than its alert's, and a second of one act.

A section is known by its number, however the code before it is written: Mun. Code 11.40.040, Municipal Code 11.40.040.
"""

from collections.abc import Iterable

from ecpd.audit.records import refuse
from parking.citations.from_alerts import KINDS, KNOWN

CITY = "AT TIME ZONE 'America/Los_Angeles'"


def number_of(section: str) -> str:
    """SQL: the number of a section with its letters in brackets; the whole of it where it has none."""
    plain = f"regexp_replace(lower({section}), '[^a-z0-9.()-]', '', 'g')"
    number = f"substring({plain} from '[0-9][0-9.-]*(?:[(][a-z0-9]+[)])*')"
    return f"regexp_replace(coalesce({number}, {plain}), '[^a-z0-9]', '', 'g')"


def letters(text: str) -> str:
    """SQL: a text without what is neither letter nor digit."""
    return f"regexp_replace(lower({text}), '[^a-z0-9]', '', 'g')"


def _listed(codes: Iterable[str]) -> str:
    return f"ARRAY[{', '.join(repr(code) for code in sorted(codes))}]::text[]"


def is_of_in_sql(kind: str) -> str:
    """SQL: `parking.citations.from_alerts.is_of` for one kind of alert, of a section's `codes` and whether it is `limited`."""
    cited = KINDS[kind]
    by_flags = [f"NOT codes && {_listed(KNOWN)}"]
    if cited.alone:
        by_flags.append(
            "NOT EXISTS (SELECT 1 FROM parking_violation k WHERE k.withdrawn_at IS NULL "
            f"AND k.code = ANY({_listed(cited.codes)}))"
        )
    if cited.limited is not None:
        by_flags.append("limited" if cited.limited else "NOT limited")
    return f"WHEN '{kind}' THEN codes && {_listed(cited.codes)} OR {' AND '.join(by_flags)}"


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
IF NEW.zone_id IS DISTINCT FROM of_zone AND (of_kind IN ('overtime', 'no_parking')
       OR of_zone IS NOT NULL AND NEW.zone_id IS NOT NULL) THEN
    {refuse("PK-01", "The reads of this alert show the vehicle in another zone.")}
END IF;
SELECT array_agg(v.code::text), bool_or(v.lifted_by_permit AND own.needs_zone) INTO codes, limited
    FROM parking_violation v, parking_violation own
    WHERE own.id = NEW.violation_id AND {number_of("v.section")} = {number_of("own.section")};
IF (CASE of_kind {" ".join(map(is_of_in_sql, KINDS))} ELSE false END) IS NOT TRUE THEN
    {refuse("PK-01", "An alert is cited as what its reads show, and as nothing else.")}
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
