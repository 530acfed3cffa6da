"""The one door: `authorize` and `door` run every rule of an action and record the answer; `explain` only looks.

A denial is recorded in a transaction of its own, so that it outlives whatever was being attempted (AU-03). The
database refuses the gravest mistakes by itself; its refusals come out of the door as denials as well.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction

from ecpd.audit import context as request
from ecpd.checks.plain import LONGEST_TEXT, is_plain, printable
from ecpd.files import all_or_nothing
from ecpd.policy import versions
from ecpd.policy.constraints import mistake_of, refusal_of
from ecpd.policy.errors import PolicyDenied
from ecpd.policy.models import Decision
from ecpd.policy.registry import rules_for
from ecpd.policy.shown import Seen
from ecpd.policy.verdicts import Context, Verdict


def parameter(name: str) -> Any:
    """A parameter of the manual in force. Raises KeyError for an unknown name."""
    return versions.settings_of(versions.in_force())[name]


def explain(actor, action: str, subject=None, justification: str = "", **facts) -> list[Verdict]:
    """Every rule's verdict on an action, in the manual's order. Writes nothing. Raises UnknownAction."""
    return _ask(actor, action, subject, justification, facts)[0]


def allows(actor, action: str, subject=None, justification: str = "", **facts) -> bool:
    """Whether the door would open. Writes nothing."""
    return not any(verdict.blocks for verdict in explain(actor, action, subject, justification, **facts))


def authorize(actor, action: str, subject=None, justification: str = "", **facts) -> Decision:
    """Ask the door and record its answer; for reads and exports. Raises PolicyDenied, and ValidationError as `door` does."""
    verdicts, context = _ask(actor, action, subject, justification, facts)
    if any(verdict.blocks for verdict in verdicts):
        raise _deny(context, verdicts)
    _must_fit(justification)
    with transaction.atomic():
        return _record(context, verdicts, Decision.Outcome.ALLOWED)


def authorize_role(actor, action: str) -> None:
    """Refuse, on the record, who has no role for an action (AC-08); for lists, whose rows selectors choose.

    A list has no one subject that the other rules could be asked about. Raises PolicyDenied, UnknownAction.
    """
    verdicts, context = _ask(actor, action, None, "", {}, only="AC-08")
    if any(verdict.blocks for verdict in verdicts):
        raise _deny(context, verdicts)


@contextmanager
def door(actor, action: str, subject=None, justification: str = "", **facts) -> Iterator[Decision]:
    """Ask the door, then run the block in the same transaction as the Decision that allows it.

    A saved subject is locked and read again first, so that rules and writes see its newest state. The transaction is
    the outermost one (RuntimeError otherwise): a denial must not be rolled back by somebody else's. Files that the
    block kept are gone when it is refused.
    Raises PolicyDenied, also when a trigger or constraint named after a rule refuses the block's writes, and
    ValidationError when any other CHECK does or the justification is longer than a text is.
    """
    context = None
    try:
        with all_or_nothing(), transaction.atomic(durable=True):
            _lock(subject)
            verdicts, context = _ask(actor, action, subject, justification, facts)
            if any(verdict.blocks for verdict in verdicts):
                raise _Denied(verdicts)
            _must_fit(justification)
            yield _record(context, verdicts, Decision.Outcome.ALLOWED)
    except _Denied as denied:
        raise _deny(context, denied.verdicts) from None  # type: ignore[arg-type]  # asked, so there is a context
    except IntegrityError as error:
        if (refusal := refusal_of(error)) is not None and context is not None:
            raise _deny(context, [refusal]) from error
        if mistake := mistake_of(error):
            raise mistake from error
        raise


class _Denied(Exception):
    def __init__(self, verdicts: list[Verdict]) -> None:
        self.verdicts = verdicts


def _ask(actor, action, subject, justification, facts, *, only: str = "") -> tuple[list[Verdict], Context]:
    version = versions.in_force()
    context = Context(actor, action, subject, versions.settings_of(version), justification, facts, version=version)
    asked = [registered for registered in rules_for(action) if only in ("", registered.rule_id)]
    verdicts = [verdict for registered in asked for verdict in registered.ask(context)]
    if isinstance(shown := facts.get("shown"), Seen) and not only:
        verdicts.append(shown.verdict())
    return verdicts, context


def _lock(subject) -> None:
    """One door at a time for one thing, and for all that belongs to one case: guards anchor there, so it comes first.

    A ledger's row is locked by its owner's function: a role that may not change it cannot do so by itself.
    """
    case = getattr(subject, "case", None)
    if isinstance(case, models.Model) and case.pk:
        type(case)._base_manager.select_for_update(no_key=True).only("pk").get(pk=case.pk)
    if not isinstance(subject, models.Model) or subject._state.adding or not subject.pk:
        return
    if getattr(subject, "append_only", False):
        with connection.cursor() as cursor:
            cursor.execute("SELECT public.ecpd_lock_ledger_row(%s, %s)", [subject._meta.db_table, subject.pk])
    else:
        type(subject)._base_manager.select_for_update().only("pk").get(pk=subject.pk)
    subject.refresh_from_db()


def _deny(context: Context, verdicts: list[Verdict]) -> PolicyDenied:
    with transaction.atomic():
        decision = _record(context, verdicts, Decision.Outcome.DENIED)
    return PolicyDenied(verdicts, action=context.action, decision_id=decision.pk)


def _record(context: Context, verdicts: list[Verdict], outcome: str) -> Decision:
    """Write the Decision; the database makes its entry in the chain."""
    subject = context.subject if isinstance(context.subject, models.Model) else None
    case_number = _case_number(subject, context)
    return Decision.objects.create(
        actor=context.actor,
        action=context.action,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=str(subject.pk or "") if subject is not None else "",
        subject_label=printable(_label(subject), 200) if subject is not None and subject.pk else "",
        case_number=case_number,
        outcome=outcome,
        verdicts=[verdict.as_json() for verdict in verdicts],
        justification=printable(context.justification) if outcome == Decision.Outcome.DENIED else context.justification,
        parameters=context.parameters_read,
        manual_version=context.version,
        ip_address=request.current().ip_address,
    )


def _label(subject: models.Model) -> str:
    """What a person's own decisions call the thing: its name, or what it says that its readers may know of it."""
    return str(getattr(subject, "in_decisions", subject))


def _must_fit(justification: str) -> None:
    """What a decision says can be kept as it was said; of a denial, which must be kept, it is cut (`_record`)."""
    if not is_plain(justification):
        raise ValidationError(
            f"Reason: at most {LONGEST_TEXT:,} characters, and no control characters but tabs and line ends.",
            code="check",
        )


def _case_number(subject, context: Context) -> str:
    case = context.fact("case") or getattr(subject, "case", None) or subject
    return str(getattr(case, "case_number", "") or "")
