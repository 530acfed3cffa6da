"""Attacks on whose decision a row names: one that was not made with it, or that does not fit it, or that served already."""

from collections.abc import Iterator

from django.db import models

from ecpd.checks.acts import ANY, ITSELF, NOTHING, Act, Decided
from ecpd.checks.decided import (
    DEMAND,
    ITS_MATTER,
    NAME,
    SUCH_AN_ACT,
    WHOSE_ACT,
    WITH_IT,
    WITHOUT,
    constraints_of,
    decided_of,
    decision_fields,
    said,
    wants_one,
)
from tests.attacks.attack import Attack
from tests.attacks.guards import Guard, tables
from tests.attacks.made import clone
from tests.attacks.written import touch

ANOTHER = "(SELECT max(id) FROM policy_decision WHERE outcome = 'allowed')"
MADE, A_REFUSAL = "990002", "990001"
DENIED = clone("policy_decision", id=A_REFUSAL, outcome="'denied'")


def columns() -> Iterator[tuple[str, type[models.Model], models.ForeignKey]]:
    """Each column that names a decision."""
    for table, model in tables().items():
        for field in decision_fields(model):
            yield table, model, field


def borrowed_decisions() -> Iterator[Attack]:
    """Each row that names a decision names somebody else's: in a new row, and in one that is there."""
    for table, model, field in columns():
        guard, pk = _guard(table, field, WITH_IT), model._meta.pk.column
        anew = clone(table, **{field.column: ANOTHER}, **_whole(table))
        yield Attack(f"{field.column}: somebody else's, anew", guard, anew, shielded=True)
        refusal = clone(table, **{field.column: A_REFUSAL}, **_whole(table))
        yield Attack(f"{field.column}: a refusal, anew", guard, refusal, (DENIED,), shielded=True)
        if model.append_only:
            continue  # its privilege is withheld and tried with the kept rows
        changed = (
            f'UPDATE "{table}" SET "{field.column}" = {ANOTHER} WHERE "{pk}" = (SELECT "{pk}" FROM "{table}" '
            f'WHERE "{field.column}" IS DISTINCT FROM {ANOTHER} ORDER BY 1 LIMIT 1)'
        )
        yield Attack(f"{field.column}: somebody else's, afterwards", guard, changed, shielded=True)


def unfit_decisions() -> Iterator[Attack]:
    """Each row names one that was made with it, and is on another act, of another person, about another matter."""
    for table, model, field in columns():
        wanted = decided_of(model, field)
        act = wanted.acts[0]
        other_act = _made(table, model, wanted, act, action="'token.make'")
        yield _attack(table, field, wanted, SUCH_AN_ACT, "on another act", other_act)
        kind = _made(table, model, wanted, act, subject_type="'cases.evidence'")
        yield _attack(table, field, wanted, ITS_MATTER, "about another kind of thing", kind)
        if act.which != ANY:
            another = _made(table, model, wanted, act, subject_id="'990009'")
            yield _attack(table, field, wanted, ITS_MATTER, "about another one", another)
        if wanted.by.startswith("("):  # the row names nobody itself
            yield _attack(
                table,
                field,
                wanted,
                WHOSE_ACT,
                "another's act",
                _made(
                    table,
                    model,
                    wanted,
                    act,
                    actor_id=f"(SELECT min(u.id) FROM accounts_user u WHERE u.id <> {_actor(table, model, wanted)})",
                ),
            )
        elif wanted.by:
            changed = {wanted.by: f'(SELECT min(u.id) FROM accounts_user u WHERE u.id <> o."{wanted.by}")'}
            yield _attack(table, field, wanted, WHOSE_ACT, "another's act", _made(table, model, wanted, act), changed)


def served_decisions() -> Iterator[Attack]:
    """Each decision that a row names is named by a second one."""
    for table, model, field in columns():
        guard = Guard(
            table, next(one.name for one in constraints_of(model) if field.name in one.fields), kind="constraint"
        )
        again = clone(table, f'o."{field.column}" IS NOT NULL', **{field.column: f'o."{field.column}"'})
        yield Attack(f"{field.column}: one that served", guard, again, shielded=True)


def without_decisions() -> Iterator[Attack]:
    """A new row that needs a decision names none; a search comes to its result without one."""
    for table, model, field in columns():
        if not wants_one(model, field):
            continue
        guard = Guard(table, DEMAND, f"AU-03: {said(WITHOUT, field)}")
        lawful = " OR ".join(decided_of(model, field).lawful or {}) or "false"
        anew = clone(table, f"NOT ({lawful.replace('NEW.', 'o.')})", **{field.column: "NULL"})
        if field.name != "run_decision":
            yield Attack(f"{field.column}: none, anew", guard, anew, shielded=True)
        else:
            done = touch(table, "state = 'queued'", state="'done'", finished_at="now()")
            yield Attack(f"{field.column}: none, done", guard, done, shielded=True)


def _attack(
    table: str, field: models.ForeignKey, wanted: Decided, sentence: str, title: str, made: str,
    changes: dict[str, str] | None = None,
) -> Attack:  # fmt: skip
    row = clone(table, _where(wanted), **{field.column: MADE}, **_whole(table), **(changes or {}))
    return Attack(f"{field.column}: {title}", _guard(table, field, sentence), row, (made,), shielded=True)


def _where(wanted: Decided) -> str:
    """A row of the first act, of somebody."""
    when, by = wanted.acts[0].when or "true", wanted.by or "1"
    person = by.replace("NEW.", "o.") if by.startswith("(") else f"o.{by}" if wanted.by else by
    return f"{when.replace('NEW.', 'o.')} AND {person} IS NOT NULL"


def _made(table: str, model: type[models.Model], wanted: Decided, act: Act, **changes: str) -> str:
    """An INSERT of the decision that fits the row which will be repeated, but for `changes`."""
    about = {NOTHING: "''", ITSELF: "''", ANY: "'990009'"}.get(act.which) or _of(
        table, model, wanted, f"o.{act.which}::text"
    )
    right = {
        "id": MADE, "outcome": "'allowed'", "verdicts": "'[]'::jsonb", "action": f"'{act.action}'",
        "actor_id": _actor(table, model, wanted), "subject_type": f"'{act.about}'", "subject_id": about,
    }  # fmt: skip
    return clone("policy_decision", **(right | changes))


def _actor(table: str, model: type[models.Model], wanted: Decided) -> str:
    by = wanted.by.replace("NEW.", "o.") if wanted.by.startswith("(") else f"o.{wanted.by}"
    return _of(table, model, wanted, by) if wanted.by else "o.actor_id"


def _of(table: str, model: type[models.Model], wanted: Decided, value: str) -> str:
    """SQL for a value of the row that will be repeated."""
    return f'(SELECT {value} FROM "{table}" o WHERE {_where(wanted)} ORDER BY o."{model._meta.pk.column}" LIMIT 1)'


def _whole(table: str) -> dict[str, str]:
    return {"refusal": "NULL"} if table == "parking_ingestgate" else {}  # it keeps refusals, and says so


def _guard(table: str, field: models.ForeignKey, sentence: str) -> Guard:
    return Guard(table, NAME, f"AU-03: {said(sentence, field)}")
