"""Anchors: the one row that everybody locks who adds or changes what a guard counts.

Two transactions that each look at what the other has not committed yet would both be let through. So a guard that counts
other rows locks an anchor first, and so does whoever writes one of them. docs/architecture.md lists them in their order.
"""

import pgtrigger

from ecpd.audit import pinned
from ecpd.audit.records import guard, refuse

HOLD = "PERFORM 1 FROM cases_case k WHERE k.id IN ({cases}) ORDER BY k.id FOR NO KEY UPDATE;\n"
ADDED, ADDED_OR_CHANGED = pgtrigger.Insert, pgtrigger.Insert | pgtrigger.Update


def lock(table: str, key: str, rule_id: str) -> str:
    """PL/pgSQL that locks a row until the transaction ends; a row that nobody has added yet is no anchor.

    NO KEY UPDATE: foreign keys to it hold nobody up.
    """
    return (
        f"PERFORM 1 FROM {table} anchor WHERE anchor.id = ({key}) FOR NO KEY UPDATE;\n"
        f"IF NOT FOUND THEN {refuse(rule_id, 'What it belongs to is not there.')} END IF;\n"
    )


def anchored(table: str, key: str, rule_id: str, *, on: pgtrigger.Operation) -> pinned.Trigger:
    """The first trigger of a model (they fire by name): locks the anchor whose id the SQL `key` gives."""
    return guard("aa_anchor", lock(table, key, rule_id), on=on)


def in_case(key: str, *, on: pgtrigger.Operation = ADDED_OR_CHANGED) -> pinned.Trigger:
    """Anchored on the case: evidence, searches, leads and everything that speaks for or against them."""
    return anchored("cases_case", key, "AC-09", on=on)


def holds(cases: str, *, on: pgtrigger.Operation, step: str = "", first: str = "") -> pinned.Trigger:
    """A trigger, the second of a model, that holds the cases that `cases` selects before the row's moment is taken.

    By their keys, so that two wait for each other and not both for ever. `step`: only when this is so; `first`: SQL of what is
    waited for before.
    """
    hold = first + HOLD.format(cases=cases)
    return guard("aa_cases_it_touches", f"IF {step} THEN\n{hold}END IF;" if step else hold, on=on)
