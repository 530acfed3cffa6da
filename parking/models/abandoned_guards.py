"""What the database refuses of stored and abandoned vehicles and hulks (PK-04): their steps, warnings and second looks."""

from ecpd.audit.records import refuse

# How long a warning of this matter runs, by the manual in force.
HOURS = """CASE matter WHEN 'stored_72h' THEN public.ecpd_parameter_int('warning_hours_stored')
        WHEN 'hazard_hulk' THEN public.ecpd_parameter_int('warning_hours_hulk')
        ELSE public.ecpd_parameter_int('warning_hours_abandoned') END"""

BORN_AS_A_REPORT = f"""
IF NEW.state <> 'reported' OR NEW.outcome <> '' OR NEW.closed_at IS NOT NULL THEN
    {refuse("PK-04", "A matter begins as a report; marked warning, second look and tow follow.")}
END IF;
IF NEW.seen_since < NEW.reported_at - interval '5 minutes' AND NOT EXISTS (
        SELECT 1 FROM parking_alert a WHERE a.id = NEW.alert_id AND a.first_at = NEW.seen_since) THEN
    {refuse("PK-04", "It counts as seen here from the first read of its alert, or from now.")}
END IF;
"""
# What a person corrected in answering it counts as well.
OF_ITS_ALERT = f"""
IF NEW.alert_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM parking_alert a LEFT JOIN parking_alertanswer x ON x.alert_id = a.id AND x.outcome = 'confirmed'
        WHERE a.id = NEW.alert_id AND (
            a.plate = NEW.plate AND (a.plate_state IN ('', NEW.plate_state) OR NEW.plate_state = '')
            OR x.plate = NEW.plate AND x.plate_state = NEW.plate_state)) THEN
    {refuse("PK-04", "A matter that comes of an alert is about the vehicle of that alert.")}
END IF;
"""
STEPS = f"""
IF NEW.state = OLD.state THEN RETURN NEW; END IF;
IF (OLD.state, NEW.state) NOT IN (('reported', 'marked'), ('reported', 'closed'), ('marked', 'ready'),
                                  ('marked', 'closed'), ('ready', 'ordered'), ('ready', 'closed'),
                                  ('ordered', 'closed')) THEN
    {refuse("PK-04", "Report, marked warning, second look, tow: one step follows the other.")}
END IF;
IF NEW.state = 'marked' AND NOT EXISTS (SELECT 1 FROM parking_abandonedmark m WHERE m.vehicle_id = NEW.id) THEN
    {refuse("PK-04", "A vehicle counts as marked with its marked warning.")}
END IF;
IF NEW.state = 'ready' AND (SELECT l.outcome FROM parking_abandonedlook l WHERE l.vehicle_id = NEW.id
                            ORDER BY l.id DESC LIMIT 1) IS DISTINCT FROM 'still' THEN
    {refuse("PK-04", "A second look comes first, and finds it still there.")}
END IF;
IF NEW.state = 'ordered' AND NOT EXISTS (SELECT 1 FROM parking_toworder o WHERE o.vehicle_id = NEW.id) THEN
    {refuse("PK-04", "A tow is ordered by its order.")}
END IF;
IF NEW.state = 'closed' AND EXISTS (SELECT 1 FROM parking_toworder o LEFT JOIN parking_towend e ON e.order_id = o.id
        WHERE o.vehicle_id = NEW.id AND e.id IS NULL) THEN
    {refuse("PK-10", "A tow ends with release, disposal or a canceled order.")}
END IF;
"""
SEEN_SINCE = f"""
IF NEW.seen_since IS DISTINCT FROM OLD.seen_since
   AND (OLD.seen_since IS NOT NULL OR NEW.seen_since < OLD.reported_at) THEN
    {refuse("PK-04", "Since when it has been seen here is not moved back.")}
END IF;
"""
KIND_WHILE_REPORTED = f"""
IF (NEW.kind, NEW.grounds, NEW.grounds_words) IS DISTINCT FROM (OLD.kind, OLD.grounds, OLD.grounds_words)
   AND (OLD.state <> 'reported' OR EXISTS (SELECT 1 FROM parking_abandonedmark m WHERE m.vehicle_id = NEW.id)) THEN
    {refuse("PK-04", "What the warning rests on stays as it was marked.")}
END IF;
"""
WHEN_IT_IS_LEFT = f"""
SELECT v.kind, v.state INTO matter, stage FROM parking_abandonedvehicle v WHERE v.id = NEW.vehicle_id;
IF stage <> 'reported' THEN
    {refuse("PK-04", "A warning is marked on a vehicle that was reported and is not marked yet.")}
END IF;
IF NEW.hours < ({HOURS}) THEN
    {refuse("PK-04", "A warning runs at least the hours that the manual gives its matter.")}
END IF;
IF NEW.at NOT BETWEEN ecpd_now() - interval '1 hour' AND ecpd_now() + interval '1 minute'
   OR NEW.look_from < NEW.at + make_interval(hours => NEW.hours::int) THEN
    {refuse("PK-04", "A warning is entered when it is left, with all the hours the manual gives.")}
END IF;
"""
AFTER_THE_WARNING = f"""
IF NEW.at > ecpd_now() + interval '1 minute' THEN
    {refuse("PK-04", "A second look is entered when it was made.")}
END IF;
IF NOT EXISTS (SELECT 1 FROM parking_abandonedmark m WHERE m.vehicle_id = NEW.vehicle_id
               AND (NEW.outcome <> 'still' OR m.look_from <= NEW.at)) THEN
    {refuse("PK-04", "The time on the marked warning has not run.")}
END IF;
"""
# As `parking.abandoned.clocks.counts_as_moved`: the larger of the two counts, an odometer that runs backwards says nothing.
NOT_MOVED = f"""
SELECT greatest(NEW.miles, CASE WHEN NEW.odometer >= m.odometer THEN NEW.odometer - m.odometer END) INTO went
    FROM parking_abandonedmark m WHERE m.vehicle_id = NEW.vehicle_id;
IF NEW.outcome = 'still' AND went >= public.ecpd_parameter_number('moved_miles_min') THEN
    {refuse("PK-04", "It went the miles of the manual: it has moved, and is not still there.")}
END IF;
"""
# Asked as the transaction ends: a step, and the state that follows from it.
STATE = "SELECT v.state FROM parking_abandonedvehicle v WHERE v.id = NEW.vehicle_id"
MARKED_BY_IT = f"""
IF ({STATE}) = 'reported' THEN
    {refuse("PK-04", "A vehicle with a warning on it counts as marked.")}
END IF;
"""
LOOK_CARRIED_OUT = f"""
IF NEW.outcome = 'still' AND ({STATE}) IN ('reported', 'marked') OR NEW.outcome <> 'still' AND ({STATE}) <> 'closed' THEN
    {refuse("PK-04", "After a second look it may be towed, or the matter is closed.")}
END IF;
"""
ORDERED_BY_IT = f"""
IF ({STATE}) NOT IN ('ordered', 'closed') THEN
    {refuse("PK-04", "A vehicle whose tow is ordered counts as ordered.")}
END IF;
"""
