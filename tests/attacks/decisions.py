"""Attacks on whose decision a row names: one that was not made with it."""

from collections.abc import Iterator

from ecpd.checks.decided import NAME, decision_fields
from tests.attacks.attack import Attack
from tests.attacks.guards import every_guard, tables
from tests.attacks.made import clone

ANOTHER = "(SELECT max(id) FROM policy_decision WHERE outcome = 'allowed')"
A_REFUSAL = "990001"
DENIED = clone("policy_decision", id=A_REFUSAL, outcome="'denied'")


def borrowed_decisions() -> Iterator[Attack]:
    """Each row that names a decision names somebody else's: in a new row, and in one that is there."""
    for table, model in tables().items():
        pk = model._meta.pk.column
        for field in decision_fields(model):
            said = next(one for one in every_guard() if one.table == table and one.name == NAME
                        and f"({field.column})" in one.sentence)  # fmt: skip
            whole = {"refusal": "NULL"} if table == "parking_ingestgate" else {}  # it keeps refusals, and says so
            anew = clone(table, **{field.column: ANOTHER}, **whole)
            yield Attack(f"{field.column}: somebody else's, anew", said, anew, shielded=True)
            refusal = clone(table, **{field.column: A_REFUSAL}, **whole)
            yield Attack(f"{field.column}: a refusal, anew", said, refusal, (DENIED,), shielded=True)
            if model.append_only:
                continue  # its privilege is withheld and tried with the kept rows
            changed = (
                f'UPDATE "{table}" SET "{field.column}" = {ANOTHER} WHERE "{pk}" = (SELECT "{pk}" FROM "{table}" '
                f'WHERE "{field.column}" IS DISTINCT FROM {ANOTHER} ORDER BY 1 LIMIT 1)'
            )
            yield Attack(f"{field.column}: somebody else's, afterwards", said, changed, shielded=True)
