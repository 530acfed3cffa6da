"""What the database refuses of alerts: facts that their reads do not show (PK-01, PK-02)."""

from ecpd.audit.records import refuse

# Which letters may be one plate: those that a reader takes for each other share a key. Look-alikes are told as such, and
# a stay that was read several times goes by the letters and the state that were read most often.
LOOKS_LIKE = "public.ecpd_plate_keys({}) && public.ecpd_plate_keys(NEW.plate)"

# A read is placed in the zone, may lie in it, or lies in another piece of the same face, block or area, which is one place.
IN_THE_ZONE = """{0}.zone_id IS NOT DISTINCT FROM NEW.zone_id OR {0}.alternatives::text LIKE '%' || NEW.zone_id || '%' OR EXISTS (
        SELECT 1 FROM parking_zone z JOIN parking_zone w ON w.id = NEW.zone_id AND w.scope = z.scope
        WHERE z.id = {0}.zone_id AND (z.scope = 'area' OR z.street <> '' AND w.street = z.street
            AND (w.cross_street_start, w.cross_street_end) = (z.cross_street_start, z.cross_street_end)
            AND (z.scope = 'both_sides' OR z.scope = 'block_face' AND w.side = z.side)))"""

AS_ITS_READS_SAY = f"""
SELECT * INTO one FROM parking_read r WHERE r.id = NEW.first_read_id;
SELECT * INTO two FROM parking_read r WHERE r.id = NEW.last_read_id;
IF two.id IS NULL OR NEW.last_at <> two.captured_at OR NEW.device_id IS DISTINCT FROM two.device_id
   OR one.id IS NOT NULL AND NEW.first_at IS DISTINCT FROM one.captured_at THEN
    {refuse("PK-01", "An alert tells of its reads: when they were made, and by which reader.")}
END IF;
IF NEW.kind NOT IN ('overtime', 'no_parking', 'long_stay') AND NOT ({LOOKS_LIKE.format("two.plate")})
   OR (NEW.exact AND NEW.kind = 'hotlist' OR NEW.kind = 'shared_permit') AND two.plate <> NEW.plate
   OR NEW.kind IN ('overtime', 'no_parking', 'long_stay')
       AND (({LOOKS_LIKE.format("two.plate")}) OR ({LOOKS_LIKE.format("one.plate")})) IS NOT TRUE
   OR NEW.exact AND NEW.kind IN ('overtime', 'no_parking', 'long_stay') AND one.plate <> two.plate THEN
    {refuse("PK-01", "An alert is about the plate of its reads.")}
END IF;
IF NEW.plate_state <> '' AND two.plate_state NOT IN ('', NEW.plate_state) AND (NEW.kind = 'shared_permit'
       OR coalesce(one.plate_state, two.plate_state) NOT IN ('', NEW.plate_state)) THEN
    {refuse("PK-01", "An alert is about the state of its reads.")}
END IF;
IF NEW.kind IN ('overtime', 'no_parking') AND (
       ({IN_THE_ZONE.format("one")}) IS NOT TRUE OR ({IN_THE_ZONE.format("two")}) IS NOT TRUE) THEN
    {refuse("PK-02", "An alert is in the zone of its reads.")}
END IF;
IF NEW.kind IN ('overtime', 'long_stay') AND (one.captured_at < two.captured_at) IS NOT TRUE THEN
    {refuse("PK-02", "An alert of a stay rests on two reads, one after the other.")}
END IF;
IF NEW.kind = 'overtime' AND NEW.detail ->> 'breach' IS DISTINCT FROM 'no_return' AND NOT EXISTS (
        SELECT 1 FROM parking_zonepolicy l JOIN parking_curbpolicy p ON p.id = l.policy_id,
             jsonb_path_query(p.content, '$.rules[*].max_stay') posted
        WHERE l.zone_id = NEW.zone_id AND (l.ends_at IS NULL OR l.ends_at > one.captured_at)
          AND (posted #>> '{{}}')::numeric = NEW.limit_minutes::numeric)
   AND NOT EXISTS (SELECT 1 FROM parking_permitterms t WHERE t.limit_minutes = NEW.limit_minutes) THEN
    {refuse("PK-02", "The limit of an alert is one that the rules of its zone, or a permit, have.")}
END IF;
"""
# Asked as the transaction ends.
ANSWER_ENDS_IT = f"""
IF NOT EXISTS (SELECT 1 FROM parking_alert a WHERE a.id = NEW.alert_id AND a.state = NEW.outcome) THEN
    {refuse("PK-01", "An answer ends its alert.")}
END IF;
"""
