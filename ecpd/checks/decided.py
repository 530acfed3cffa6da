"""A row names the decision that was made with it, and that fits it: one guard for each record with such a column.

Otherwise a row could lean on somebody else's decision, on one about another matter, or on one of last year. A refusal
outlives the transaction in which it was made (AU-03), so what keeps one names it a moment later. That one decision
serves one row is a unique constraint. Which decisions fit stands in `acts`.
"""

import pgtrigger
from django.db import models

from ecpd.audit.pinned import Trigger
from ecpd.audit.refusing import refuse
from ecpd.checks.acts import ANY, DECISIONS, ITSELF, KEEPS_A_REFUSAL, NOTHING, Act, Decided

NAME = "zz_au_03_its_decision"  # the last to be asked: what a row says comes before whose decision it names
DEMAND = "zz_au_03_a_decision"
WITHOUT = "What is done here is done with a decision ({})."
WITH_IT = "A row names the decision that was made with it ({})."
SUCH_AN_ACT = "The decision that a row names is on such an act ({})."
WHOSE_ACT = "The decision that a row names is of the person whose act it is ({})."
ITS_MATTER = "The decision that a row names is about its own matter ({})."


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


def decided_of(model: type[models.Model], field: models.ForeignKey) -> Decided:
    """What the table says of a column. Raises KeyError for one that nobody entered."""
    return DECISIONS[f"{model._meta.label}.{field.name}"]


def said(sentence: str, field: models.ForeignKey) -> str:
    """A sentence of the guard for one column."""
    return sentence.format(field.column)


def guard_of(model: type[models.Model]) -> Trigger | None:
    """The guard of a model's decisions, None for a model that names none."""
    from ecpd.audit.records import guard  # its bases are models, and this is imported before there can be any

    if not (fields := decision_fields(model)):
        return None
    sql = "\n".join(_step(model, field) for field in fields)
    declared = [("made", "public.policy_decision")]
    return guard(NAME, sql, on=pgtrigger.Insert | pgtrigger.Update, declare=declared)


def demand_of(model: type[models.Model]) -> Trigger | None:
    """The guard that wants a decision in a new row, and in one that comes to where it needs one; None where none does.

    It is asked last, after every other guard and CHECK. Rows of an older version stay as they are.
    """
    fields = [field for field in decision_fields(model) if wants_one(model, field)]
    if not fields:
        return None
    func = "\n".join(_wanted(model, field) for field in fields) + "\nRETURN NULL;"
    ledger = getattr(model, "append_only", False)
    on = pgtrigger.Insert if ledger else pgtrigger.Insert | pgtrigger.Update
    return Trigger(name=DEMAND, when=pgtrigger.After, operation=on, func=func)


def wants_one(model: type[models.Model], field: models.ForeignKey) -> bool:
    """Whether there are new rows that are refused without a decision in this column."""
    return field.null and "true" not in (decided_of(model, field).lawful or {})


def _wanted(model: type[models.Model], field: models.ForeignKey) -> str:
    lawful = " OR ".join(f"({one})" for one in decided_of(model, field).lawful or {}) or "false"
    begun = f"TG_OP = 'INSERT' OR ({lawful.replace('NEW.', 'OLD.')})"
    return f"""
IF NEW."{field.column}" IS NULL AND ({lawful}) IS NOT TRUE AND ({begun}) THEN
    {refuse("AU-03", said(WITHOUT, field))}
END IF;"""


def constraints_of(model: type[models.Model]) -> list[models.UniqueConstraint]:
    """One decision serves one row of a column, with what the table says beside it."""
    return [
        models.UniqueConstraint(
            name=f"au_03_{model._meta.model_name}_{field.name}_once",
            fields=[field.name, *decided_of(model, field).once],
            violation_error_message="A decision serves one act: ask the door again.",
        )
        for field in decision_fields(model)
    ]


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
IF NEW.{column} IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.{column} IS DISTINCT FROM OLD.{column}) THEN
IF NEW.{column} NOT IN (SELECT public.ecpd_decisions()){kept} THEN
    {refuse("AU-03", said(WITH_IT, field))}
END IF;
SELECT * INTO made FROM public.policy_decision d WHERE d.id = NEW.{column};
{_fits(model, field)}END IF;
"""


def _fits(model: type[models.Model], field: models.ForeignKey) -> str:
    """The decision `made` against what the table says of this column."""
    wanted = decided_of(model, field)
    asked = {SUCH_AN_ACT: " OR ".join(f"({_named(act)})" for act in wanted.acts)}
    if wanted.by:
        asked[WHOSE_ACT] = f"made.actor_id = {wanted.by if wanted.by.startswith('(') else f'NEW.{wanted.by}'}"
    asked[ITS_MATTER] = " OR ".join(f"({_named(act)} AND {_about(model, act)})" for act in wanted.acts)
    return "".join(
        f"IF ({condition}) IS NOT TRUE THEN\n    {refuse('AU-03', said(sentence, field))}\nEND IF;\n"
        for sentence, condition in asked.items()
    )


def _named(act: Act) -> str:
    return f"made.action = '{act.action}'" + (f" AND {act.when}" if act.when else "")


def _about(model: type[models.Model], act: Act) -> str:
    which = {
        NOTHING: "made.subject_id = ''",
        ITSELF: f"made.subject_id IN ('', NEW.{model._meta.pk.column}::text)",
        ANY: "made.subject_id <> ''",
    }.get(act.which) or (f"made.subject_id = NEW.{act.which}::text" if act.by_column else act.which)
    return f"made.subject_type = '{act.about}' AND {which}"
