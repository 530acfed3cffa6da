"""What the database refuses of money: an entry without its source, and a record that leaves its entries out (PK-15)."""

from ecpd.accounts.models.granted import decided
from ecpd.audit.records import refuse

# Every amount is compared with what it comes from; `owed` and `charged` are of before.
WORTH_ITS_SOURCE = f"""
SELECT c.amount_cents, a.late_fee_cents, c.issued_by_id INTO penalty, late_fee, issuer
    FROM parking_citation c JOIN parking_violationamount a ON a.id = c.amount_id WHERE c.id = NEW.citation_id;
IF NEW.kind = 'penalty' AND (NEW.amount_cents <> penalty OR NEW.by_id IS DISTINCT FROM issuer) THEN
    {refuse("PK-15", "The penalty is the amount on the citation, entered by who issued it.")}
END IF;
IF NEW.kind = 'late_fee' AND NEW.amount_cents <> late_fee THEN
    {refuse("PK-12", "The late fee is the one that the resolution set.")}
END IF;
IF NEW.kind IN ('payment', 'refund', 'plan_fee') AND NOT ecpd_has_role(NEW.by_id, 'parking_manager') THEN
    {refuse("PK-15", "A parking manager enters payments, refunds and the fees of plans.")}
END IF;
IF NEW.kind = 'void' AND NOT EXISTS (SELECT 1 FROM parking_citationvoid v
        WHERE v.citation_id = NEW.citation_id AND v.by_id IS NOT DISTINCT FROM NEW.by_id) THEN
    {refuse("PK-15", "What a cancelation takes off is entered with the cancelation, by the same person.")}
END IF;
IF NEW.kind = 'reduction' AND (
        SELECT count(*) FROM parking_contestresult r JOIN parking_contest k ON k.id = r.contest_id
        WHERE k.citation_id = NEW.citation_id AND r.outcome = 'reduced' AND r.reduced_by_cents = -NEW.amount_cents
          AND r.decided_by_id = NEW.by_id) <= (
        SELECT count(*) FROM parking_ledgerentry e WHERE e.citation_id = NEW.citation_id AND e.kind = 'reduction'
          AND e.amount_cents = NEW.amount_cents AND e.by_id = NEW.by_id)
   AND NOT (ecpd_has_role(NEW.by_id, 'parking_manager') AND -NEW.amount_cents <= (
        SELECT coalesce(sum(e.amount_cents), 0) FROM parking_ledgerentry e WHERE e.citation_id = NEW.citation_id)) THEN
    {refuse("PK-15", "A reduction is what a result says, or what a parking manager grants of what is owed.")}
END IF;
"""
# Asked as the transaction ends: an entry, and the row it comes from.
COMES_WITH_IT = f"""
IF NEW.kind = 'plan_fee' AND (
        SELECT count(*) FROM parking_plancitation c JOIN parking_paymentplan p ON p.id = c.plan_id
        WHERE c.citation_id = NEW.citation_id AND p.fee_cents = NEW.amount_cents AND p.granted_by_id = NEW.by_id) < (
        SELECT count(*) FROM parking_ledgerentry e WHERE e.citation_id = NEW.citation_id AND e.kind = 'plan_fee') THEN
    {refuse("PK-14", "The fee of a plan is charged once, with a plan of this citation.")}
END IF;
IF NEW.source_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM parking_paymentimport i WHERE i.id = NEW.source_id AND i.by_id = NEW.by_id
        AND i.taken >= (SELECT count(*) FROM parking_ledgerentry e WHERE e.source_id = i.id)) THEN
    {refuse("PK-15", "A file brings the payments that were taken from it, and no others.")}
END IF;
"""
ADDS_UP = f"""
IF NOT EXISTS (SELECT 1 FROM parking_ledgerentry e WHERE e.source_id = NEW.id
               HAVING count(*) = NEW.taken AND coalesce(-sum(e.amount_cents), 0) = NEW.cents) THEN
    {refuse("PK-15", "What a file brought is in the ledger, entry by entry.")}
END IF;
"""
CHARGED_AT_ONCE = f"""
IF NOT EXISTS (SELECT 1 FROM parking_ledgerentry e WHERE e.citation_id = NEW.id AND e.kind = 'penalty') THEN
    {refuse("PK-15", "A citation is issued with its penalty in the ledger.")}
END IF;
"""
CANCELED_WHOLE = f"""
IF NOT EXISTS (SELECT 1 FROM parking_citation c WHERE c.id = NEW.citation_id AND c.state = 'canceled') THEN
    {refuse("PK-15", "A cancelation cancels its citation.")}
END IF;
IF (SELECT sum(e.amount_cents) FROM parking_ledgerentry e WHERE e.citation_id = NEW.citation_id
    AND e.kind NOT IN ('payment', 'refund')) > 0 THEN
    {refuse("PK-15", "A cancelation takes off all that was charged.")}
END IF;
"""
RESULT_CARRIED_OUT = f"""
SELECT k.citation_id, k.state INTO of_citation, of_state FROM parking_contest k WHERE k.id = NEW.contest_id;
IF of_state <> 'decided' THEN
    {refuse("PK-12", "A result decides its contest.")}
END IF;
IF NEW.outcome = 'dismissed' AND NOT EXISTS (
        SELECT 1 FROM parking_citationvoid v WHERE v.citation_id = of_citation) THEN
    {refuse("PK-12", "A result that cancels comes with the cancelation.")}
END IF;
IF NEW.outcome = 'reduced' AND NOT EXISTS (
        SELECT 1 FROM parking_ledgerentry e WHERE e.citation_id = of_citation AND e.kind = 'reduction'
        AND e.amount_cents = -NEW.reduced_by_cents AND e.by_id = NEW.decided_by_id AND e.at >= NEW.at) THEN
    {refuse("PK-12", "A result that reduces comes with the reduction.")}
END IF;
"""
# What is owed as the plan covers it; the fee is entered before.
OWES_AS_SAID = f"""
IF NEW.owed_cents <> (SELECT coalesce(sum(e.amount_cents), 0) FROM parking_ledgerentry e
                      WHERE e.citation_id = NEW.citation_id) THEN
    {refuse("PK-14", "A plan covers what is owed on its citation.")}
END IF;
IF NEW.owed_cents + (SELECT coalesce(sum(c.owed_cents), 0) FROM parking_plancitation c WHERE c.plan_id = NEW.plan_id)
   > (SELECT p.owed_cents FROM parking_paymentplan p WHERE p.id = NEW.plan_id) THEN
    {refuse("PK-14", "A plan covers no more than was agreed.")}
END IF;
"""
# One for each request that was granted: its plan, or its reduction.
GRANTED_WITH_IT = f"""
IF NEW.state = 'granted' AND OLD.state <> 'granted' AND NOT EXISTS (
        SELECT 1 FROM parking_plancitation c JOIN parking_paymentplan p ON p.id = c.plan_id
        WHERE c.citation_id = NEW.citation_id AND p.granted_by_id = NEW.answered_by_id AND p.granted_at >= NEW.asked_at)
   AND NOT EXISTS (
        SELECT 1 FROM parking_ledgerentry e WHERE e.citation_id = NEW.citation_id AND e.kind = 'reduction'
        AND e.by_id = NEW.answered_by_id AND e.at >= NEW.asked_at) THEN
    {refuse("PK-14", "A request is granted with its plan or its reduction.")}
END IF;
"""
OF_ITS_CITATIONS = "SELECT c.citation_id::text FROM parking_plancitation c WHERE c.plan_id = NEW.id"
PLAN_ENDS = f"""
IF NEW.state = 'paid' AND OLD.state <> 'paid' AND (
        SELECT coalesce(-sum(e.amount_cents), 0) FROM parking_ledgerentry e
        JOIN parking_plancitation c ON c.citation_id = e.citation_id
        WHERE c.plan_id = NEW.id AND e.kind IN ('payment', 'refund') AND e.at >= NEW.granted_at) < NEW.owed_cents THEN
    {refuse("PK-14", "A plan is paid off once what was agreed is paid.")}
END IF;
IF NEW.state = 'ended' AND OLD.state <> 'ended' AND NOT {
    decided(
        "citation.plan",
        about="parking.citation",
        which=f"d.subject_id IN ({OF_ITS_CITATIONS})",
        who="public.ecpd_has_role(d.actor_id, 'parking_manager')",
    )
} THEN
    {refuse("PK-14", "A plan is ended by a decision on a citation of it.")}
END IF;
"""
REQUEST_ANSWERED = f"""
IF NEW.state <> OLD.state AND NOT {
    decided("citation.plan", about="parking.citation", which="true", who="d.actor_id = NEW.answered_by_id")
} THEN
    {refuse("PK-14", "A request is answered by a decision of the person who answers it.")}
END IF;
"""
