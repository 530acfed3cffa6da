"""A row names the decision that was made with it: one guard for each record with such a column.

Otherwise a row could lean on somebody else's decision, or on one of last year. A refusal outlives the transaction in
which it was made (AU-03), so what keeps one names it a moment later.
"""

import pgtrigger
from django.db import models

from ecpd.audit.pinned import Trigger
from ecpd.audit.refusing import refuse

NAME = "zz_au_03_its_decision"  # the last to be asked: what a row says comes before whose decision it names
# Columns that may keep a refusal instead, and when.
KEEPS_A_REFUSAL = {
    "leads.SearchRequest.run_decision": "NEW.state = 'refused'",
    "parking.IngestGate.decision": "NEW.refusal IS NOT NULL",
}


def decision_fields(model: type[models.Model]) -> list[models.ForeignKey]:
    """The columns of a record that name a decision."""
    if not hasattr(model, "append_only"):  # neither a Record nor a Ledger
        return []
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey)
        and getattr(getattr(field.remote_field.model, "_meta", None), "label", "") == "policy.Decision"
    ]


def guard_of(model: type[models.Model]) -> Trigger | None:
    """The guard of a model's decisions, None for a model that names none."""
    from ecpd.audit.records import guard  # its bases are models, and this is imported before there can be any

    if not (fields := decision_fields(model)):
        return None
    sql = "\n".join(_step(model, field) for field in fields)
    return guard(NAME, sql, on=pgtrigger.Insert | pgtrigger.Update)


def _step(model: type[models.Model], field: models.ForeignKey) -> str:
    column, refusal = f'"{field.column}"', KEEPS_A_REFUSAL.get(f"{model._meta.label}.{field.name}")
    kept = (
        f"""
    AND NOT ({refusal} AND EXISTS (SELECT 1 FROM policy_decision d WHERE d.id = NEW.{column} AND d.outcome = 'denied'
                     AND d.at BETWEEN public.ecpd_now() - interval '5 minutes' AND public.ecpd_now()))"""
        if refusal
        else ""
    )
    return f"""
IF NEW.{column} IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.{column} IS DISTINCT FROM OLD.{column})
    AND NOT EXISTS (SELECT 1 FROM audit_auditevent e WHERE e.txid = pg_current_xact_id()::text::bigint
                    AND e.table_name = 'policy_decision' AND e.operation = 'I' AND e.row_id = NEW.{column}::text
                    AND e.detail ->> 'outcome' = 'allowed'){kept} THEN
    {refuse("AU-03", f"A row names the decision that was made with it ({field.column}).")}
END IF;
"""
