"""What the database refuses of permits: beyond their household's count and price, and changes that count for nothing."""

from ecpd.accounts.models.granted import noted
from ecpd.audit.anchors import lock
from ecpd.audit.functions import of_an_app
from ecpd.audit.records import refuse
from parking.household_v1 import ADDRESS_KEY

of_an_app(ADDRESS_KEY)

OF_ITS_ADDRESS = f"""
IF NEW.address_key IS DISTINCT FROM public.ecpd_address_key(NEW.address, NEW.unit) THEN
    {refuse("PK-16", "A household is its address, in the one spelling of it.")}
END IF;
IF NEW.renewal_of_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM parking_permit p JOIN parking_permitapplication a ON a.id = p.application_id
        JOIN parking_permitterms was ON was.id = p.terms_id JOIN parking_permitterms t ON t.id = NEW.terms_id
        WHERE p.id = NEW.renewal_of_id AND a.address_key = NEW.address_key AND was.permit_class_id = t.permit_class_id) THEN
    {refuse("PK-16", "A permit is renewed in its class by its own household.")}
END IF;
"""
WITH_ITS_TERMS = f"""
IF NOT {noted("parking_permitterms", "NEW.permitterms_id::text")} THEN
    {refuse("PK-16", "Where a permit's terms hold is entered with the terms.")}
END IF;
"""

OF_ITS_HOUSEHOLD = f"""
SELECT a.address_key, a.renewal_of_id, t.permit_class_id, t.most_per_household, t.prices
    INTO household, renews, of_class, most, prices
    FROM parking_permitapplication a JOIN parking_permitterms t ON t.id = a.terms_id WHERE a.id = NEW.application_id;
{lock("parking_permitclass", "of_class", "PK-16")}
SELECT p.nth INTO taken_over FROM parking_permit p WHERE p.application_id = NEW.application_id ORDER BY p.id DESC LIMIT 1;
IF taken_over IS NOT NULL THEN
    IF NEW.nth <> taken_over OR NEW.price_cents <> 0 THEN
        {refuse("PK-16", "A permit that takes over from another costs nothing and counts as that one did.")}
    END IF;
    RETURN NEW;
END IF;
SELECT count(*) INTO held FROM parking_permit p JOIN parking_permitapplication a ON a.id = p.application_id
    JOIN parking_permitterms t ON t.id = p.terms_id
    WHERE a.address_key = household AND t.permit_class_id = of_class AND p.ended_at IS NULL AND p.ends > ecpd_now()
      AND p.id IS DISTINCT FROM renews;
IF held >= most THEN
    {refuse("PK-16", "A household has as many permits of a class as its resolution allows.")}
END IF;
IF NEW.renewal_of_id IS DISTINCT FROM renews
   OR NEW.nth <> coalesce((SELECT p.nth FROM parking_permit p WHERE p.id = renews), held + 1)
   OR NEW.price_cents <> prices[least(NEW.nth, cardinality(prices))] THEN
    {refuse("PK-16", "A permit is counted in its household, and costs what the resolution says.")}
END IF;
"""
HOUSEHOLD = [("household", "text"), ("renews", "bigint"), ("of_class", "bigint"), ("most", "int"), ("prices", "int[]"),
             ("taken_over", "int"), ("held", "int")]  # fmt: skip
# A plate that no staff put in and that counts as no change: as it was granted, as it comes back after a borrowed one, or
# as it follows into the renewal.
A_CHANGE_COUNTS = f"""
IF NEW.swapped OR NEW.added_by_id IS NOT NULL OR NEW.kind = 'guest' THEN RETURN NEW; END IF;
IF NOT EXISTS (
        SELECT 1 FROM parking_permit p JOIN parking_permitapplication a ON a.id = p.application_id
        WHERE p.id = NEW.permit_id AND NEW.begins = p.begins
          AND a.plates @> jsonb_build_array(jsonb_build_array(NEW.plate, NEW.plate_state)))
   AND NOT EXISTS (
        SELECT 1 FROM parking_permit p JOIN parking_permitplate q ON q.permit_id = p.renewal_of_id
        WHERE p.id = NEW.permit_id AND NEW.begins = p.begins AND q.plate = NEW.plate AND q.plate_state = NEW.plate_state
          AND q.ends > ecpd_now())
   AND NOT EXISTS (
        SELECT 1 FROM parking_permitplate q JOIN parking_permitplate own ON own.permit_id = q.permit_id
        WHERE q.permit_id = NEW.permit_id AND q.place = NEW.place AND q.swapped AND q.ends = NEW.begins
          AND own.plate = NEW.plate AND own.plate_state = NEW.plate_state) THEN
    {refuse("PK-16", "A plate that a holder puts in counts as a change.")}
END IF;
"""
# Asked as the transaction ends.
ANSWER_STANDS = f"""
IF NOT EXISTS (SELECT 1 FROM parking_permitdecision d WHERE d.application_id = NEW.application_id AND d.id > NEW.id)
   AND NOT EXISTS (SELECT 1 FROM parking_permitapplication a WHERE a.id = NEW.application_id
               AND a.state = CASE NEW.outcome WHEN 'approve' THEN 'approved' WHEN 'deny' THEN 'denied'
                   WHEN 'withdraw' THEN 'withdrawn' ELSE 'waiting' END) THEN
    {refuse("PK-16", "A decision on a permit answers its application.")}
END IF;
"""
