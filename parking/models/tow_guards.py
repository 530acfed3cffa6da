"""What the database refuses of tows: the order, the removal, owners' notices, the hearing and the end (PK-04, PK-10)."""

from ecpd.audit.records import refuse

AFTER_A_SECOND_LOOK = f"""
SELECT v.kind, v.state, v.seen_since, v.grounds INTO matter, stage, since, said
    FROM parking_abandonedvehicle v WHERE v.id = NEW.vehicle_id;
SELECT max(l.at) INTO looked FROM parking_abandonedlook l WHERE l.vehicle_id = NEW.vehicle_id AND l.outcome = 'still';
IF stage <> 'ready' OR looked IS NULL OR EXISTS (SELECT 1 FROM parking_abandonedlook l WHERE l.vehicle_id = NEW.vehicle_id
        AND l.outcome <> 'still' AND l.at >= looked) THEN
    {refuse("PK-04", "A marked warning and a second look come first.")}
END IF;
IF NOT (matter = ANY (NEW.grounds)) THEN
    {refuse("PK-04", "The order rests on the matter that was marked.")}
END IF;
IF matter = 'stored_72h' AND (NOT public.ecpd_says_something(NEW.ordinance)
        OR NEW.ordinance IS DISTINCT FROM btrim(ecpd_parameter('stored_ordinance') #>> '{{}}')) THEN
    {refuse("PK-04", "A stored vehicle is removed under the city ordinance that the manual names.")}
END IF;
IF matter = 'stored_72h' AND (since IS NULL
        OR looked - since < make_interval(hours => ecpd_parameter_int('stored_hours'))) THEN
    {refuse("PK-04", "It has not been seen here for the hours of the law.")}
END IF;
IF matter = 'abandoned' AND cardinality(array_remove(said, 'long_unmoved')) = 0 THEN
    {refuse("PK-04", "Time alone never says “abandoned”.")}
END IF;
"""
ASKED_IN_TIME = f"""
SELECT max(r.at) INTO removed FROM parking_towremoval r WHERE r.order_id = NEW.order_id;
SELECT coalesce(max(n.dated) FILTER (WHERE n.sent_to <> 'doj'), max(n.dated)) INTO dated
    FROM parking_townotice n WHERE n.order_id = NEW.order_id;
IF removed IS NULL OR NEW.asked_at < removed THEN
    {refuse("PK-10", "A hearing is asked for about a vehicle that was removed, and afterwards.")}
END IF;
IF dated IS NOT NULL AND NOT public.ecpd_says_something(NEW.late_reason)
   AND (NEW.asked_at AT TIME ZONE 'America/Los_Angeles')::date > NEW.last_day THEN
    {refuse("PK-10", "It was asked for too late; say why it is taken all the same.")}
END IF;
IF dated IS NOT NULL AND (NEW.last_day IS NULL OR NEW.last_day < dated + ecpd_parameter_int('tow_hearing_ask_days')) THEN
    {refuse("PK-10", "An owner has all the days of the notice to ask for a hearing.")}
END IF;
IF NEW.due_at > public.ecpd_open_hours_after(NEW.asked_at, ecpd_parameter_number('tow_hearing_held_hours'))
   OR NEW.due_at < NEW.asked_at THEN
    {refuse("PK-10", "A hearing is held within the hours of the manual, weekends and holidays left out.")}
END IF;
"""
BY_SOMEBODY_ELSE = f"""
IF EXISTS (SELECT 1 FROM parking_towhearing h JOIN parking_toworder o ON o.id = h.order_id
           WHERE h.id = NEW.hearing_id AND o.ordered_by_id = NEW.held_by_id) THEN
    {refuse("PK-10", "Who ordered the tow does not hold its hearing.")}
END IF;
IF EXISTS (SELECT 1 FROM parking_towhearing h WHERE h.id = NEW.hearing_id AND h.asked_at > NEW.held_at) THEN
    {refuse("PK-10", "A hearing is not held before it was asked for.")}
END IF;
"""
ENDS_FAIRLY = f"""
IF EXISTS (SELECT 1 FROM parking_toworder o LEFT JOIN parking_towremoval r ON r.order_id = o.id
           WHERE o.id = NEW.order_id AND greatest(o.at, r.at) > NEW.at) THEN
    {refuse("PK-10", "A tow does not end before its order or its removal.")}
END IF;
IF NEW.how <> 'canceled' AND NOT EXISTS (SELECT 1 FROM parking_towremoval r WHERE r.order_id = NEW.order_id) THEN
    {refuse("PK-10", "The vehicle was not removed; its order is canceled.")}
END IF;
IF NEW.how = 'canceled' AND EXISTS (SELECT 1 FROM parking_towremoval r WHERE r.order_id = NEW.order_id) THEN
    {refuse("PK-10", "The vehicle was removed already; it is released or disposed of.")}
END IF;
IF NEW.how = 'disposed' THEN
    IF EXISTS (SELECT 1 FROM parking_towhearing h LEFT JOIN parking_towresult t ON t.hearing_id = h.id
               WHERE h.order_id = NEW.order_id AND t.id IS NULL) THEN
        {refuse("PK-10", "A hearing was asked for and is not held yet.")}
    END IF;
    IF NOT EXISTS (SELECT 1 FROM parking_townotice n WHERE n.order_id = NEW.order_id AND n.sent_to = 'doj') AND
       (SELECT count(DISTINCT n.sent_to) FROM parking_townotice n WHERE n.order_id = NEW.order_id
        AND n.sent_to IN ('registered', 'legal')) < 2 THEN
        {refuse("PK-10", "The owners were not told: registered and legal owner each get their notice.")}
    END IF;
    IF (SELECT max(n.dated) FROM parking_townotice n WHERE n.order_id = NEW.order_id)
       + ecpd_parameter_int('tow_hearing_ask_days') >= (ecpd_now() AT TIME ZONE 'America/Los_Angeles')::date THEN
        {refuse("PK-10", "The owners' days to ask for a hearing have not passed.")}
    END IF;
END IF;
IF EXISTS (SELECT 1 FROM parking_towhearing h JOIN parking_towresult t ON t.hearing_id = h.id
           WHERE h.order_id = NEW.order_id AND t.outcome = 'invalid') AND NOT (NEW.how = 'released' AND NEW.agency_pays) THEN
    {refuse("PK-10", "The tow was found invalid: the vehicle is released and the agency pays.")}
END IF;
"""
OF_A_REMOVED_VEHICLE = f"""
SELECT r.at INTO removed FROM parking_towremoval r WHERE r.order_id = NEW.order_id;
IF removed IS NULL THEN
    {refuse("PK-10", "The vehicle has not been removed yet.")}
END IF;
IF NOT EXISTS (SELECT 1 FROM parking_toworder o JOIN parking_abandonedvehicle v ON v.id = o.vehicle_id
               WHERE o.id = NEW.order_id AND NEW.content ->> 'number' = o.number
               AND NEW.content -> 'rows' @> jsonb_build_array(jsonb_build_array('Removed from', v.place),
                                                              jsonb_build_array('Vehicle', v.vehicle))) THEN
    {refuse("PK-10", "A notice or a report tells of its tow: its number, the vehicle and from where.")}
END IF;
IF NEW.sent_at < removed OR NEW.dated < (removed AT TIME ZONE 'America/Los_Angeles')::date THEN
    {refuse("PK-10", "A notice is written and sent after the removal.")}
END IF;
IF NEW.dated > (NEW.sent_at AT TIME ZONE 'America/Los_Angeles')::date THEN
    {refuse("PK-10", "A notice is not mailed before its date.")}
END IF;
IF NOT public.ecpd_says_something(NEW.late_reason)
   AND NEW.sent_at > public.ecpd_open_hours_after(removed, ecpd_parameter_number('tow_notice_hours')) THEN
    {refuse("PK-10", "The notice comes after the hours of the manual; say why it is late.")}
END IF;
"""
UNDER_AN_ORDER = f"""
IF EXISTS (SELECT 1 FROM parking_towend e WHERE e.order_id = NEW.order_id) THEN
    {refuse("PK-10", "The order has ended; nothing is removed under it.")}
END IF;
IF EXISTS (SELECT 1 FROM parking_toworder o WHERE o.id = NEW.order_id AND date_trunc('minute', o.at) > NEW.at) THEN
    {refuse("PK-10", "A vehicle is removed after its order.")}
END IF;
"""
