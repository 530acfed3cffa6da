"""The person of a lead stays who the lead says: leads adds this guard to the people of cases, which know no lead."""

import pgtrigger

from cases.models import Person
from cases.models.person import ONE_PERSON
from ecpd.audit.pinned import add_guards
from ecpd.audit.records import guard, refuse

PERSON_STAYS = f"""
IF (OLD.name, OLD.role, OLD.unidentified, OLD.description, OLD.date_of_birth, OLD.contact) IS DISTINCT FROM
        (NEW.name, NEW.role, NEW.unidentified, NEW.description, NEW.date_of_birth, NEW.contact)
   AND EXISTS (SELECT 1 FROM leads_lead l WHERE l.person_id = NEW.id) THEN
    {refuse("FR-10", "What a lead says of its person is never rewritten; who it is goes into a note or another entry.")}
END IF;
IF NEW.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS NULL
   AND EXISTS (SELECT 1 FROM leads_lead l WHERE l.person_id = NEW.id AND l.state <> 'cleared') THEN
    {refuse("FR-10", "The person of a lead is not withdrawn; clear the lead.")}
END IF;
IF NEW.merged_into_id IS NOT NULL AND OLD.merged_into_id IS NULL AND EXISTS (
        SELECT 1 FROM leads_lead l WHERE l.person_id IN ({ONE_PERSON.format(ids="NEW.id, NEW.merged_into_id")})
        AND l.state IN ('marked', 'applied', 'approved')) THEN
    {refuse("FR-10", "Nobody is merged with the person of a lead that is marked, applied for or approved.")}
END IF;
"""

add_guards(Person, guard("fr_10_person_of_a_lead", PERSON_STAYS, on=pgtrigger.Update))
