"""What the database refuses under PK-03: an alert or a citation of a plate that a permit or an exemption covers.

It looks for the plate itself; whether one that looks like it may be meant is for the rules of the policy door. What was
ended may say that it ended a few minutes ago (ecpd.checks.stamped), so those minutes are the driver's.
"""

from ecpd.audit.records import refuse
from ecpd.checks.stamped import SLACK
from parking.models.citation_guards import number_of


def _exempt(state: str, at: str) -> str:
    return f"""EXISTS (SELECT 1 FROM parking_exemption x WHERE x.plate = NEW.plate AND {state.format("x")}
        AND x.begins <= {at} AND x.ends > {at} AND (x.ended_at IS NULL OR x.ended_at > {at} - {SLACK}))"""


def _permitted(state: str, at: str) -> str:
    return f"""EXISTS (SELECT 1 FROM parking_permitplate x JOIN parking_permit p ON p.id = x.permit_id
        JOIN parking_permitterms t ON t.id = p.terms_id
        WHERE x.plate = NEW.plate AND {state.format("x")} AND x.begins <= {at}
        AND x.ends > {at} - CASE WHEN x.ends < p.ends THEN {SLACK} ELSE interval '0' END
        AND t.limit_minutes IS NULL AND (t.everywhere OR EXISTS (
            SELECT 1 FROM parking_permitterms_areas a JOIN parking_zone_areas z ON z.curbarea_id = a.curbarea_id
            WHERE a.permitterms_id = t.id AND z.zone_id = NEW.zone_id)))"""


# What a permit lifts it lifts of the section, however often and in whatever spelling the section stands in the table.
OF_ONE_SECTION = " = ".join(number_of(f"{name}.section") for name in ("v", "own"))
# A state that nobody knows, or none that is listed, may be the right's.
AN_ALERTS = "(NEW.plate_state IN ('', 'OTHER') OR {0}.plate_state IN (NEW.plate_state, 'OTHER', ''))"
A_CITATIONS = "(NEW.plate_state = 'OTHER' OR {0}.plate_state IN (NEW.plate_state, 'OTHER', ''))"
STOPS_AN_ALERT = f"""
IF NEW.kind IN ('overtime', 'no_parking') AND ({_exempt(AN_ALERTS, "NEW.last_at")}
   OR NEW.kind = 'overtime' AND {_permitted(AN_ALERTS, "NEW.last_at")}) THEN
    {refuse("PK-03", "A permit or an exemption covers this vehicle there at that time.")}
END IF;
"""
STOPS_A_CITATION = f"""
IF EXISTS (SELECT 1 FROM parking_violation v, parking_violation own WHERE own.id = NEW.violation_id AND v.lifted_by_permit
           AND {OF_ONE_SECTION})
   AND ({_exempt(A_CITATIONS, "NEW.violation_at")} OR {_permitted(A_CITATIONS, "NEW.violation_at")}) THEN
    {refuse("PK-03", "A permit or an exemption covers this vehicle there at that time.")}
END IF;
"""
