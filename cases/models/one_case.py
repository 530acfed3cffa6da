"""What a row of a case names is of the same case: one guard for each model that leads to a case by more than one key."""

from collections.abc import Mapping

import pgtrigger

from ecpd.audit import pinned
from ecpd.audit.records import guard, refuse

NAME = "ac_09_one_case"


def one_case(keys: Mapping[str, str], *, case: str = "NEW.case_id") -> pinned.Trigger:
    """A guard of new rows: each of `keys` (column to its table, which has a `case_id`) is of the row's `case`.

    `case` is SQL for the id of the case. The columns stay as they were written, so nothing is asked afterwards.
    """
    steps = (
        f"IF NEW.{column} IS NOT NULL AND (SELECT x.case_id FROM {table} x WHERE x.id = NEW.{column}) "
        f"IS DISTINCT FROM ({case}) THEN\n    {refuse('AC-09', 'What a row of a case names is of the same case.')}\nEND IF;"
        for column, table in keys.items()
    )
    return guard(NAME, "\n".join(steps), on=pgtrigger.Insert)
