"""Whether two policies say the same, however it is written: a version of CDS has its own way to say some things."""

from dataclasses import replace

from parking.curbs.span_sets import NEVER, TwoPeriods, dates_of, folded, plain
from parking.curbs.types import CurbPolicy, CurbRule, TimeSpan


def say_the_same(one: CurbPolicy, other: CurbPolicy) -> bool:
    """The same rules at the same times, and the same beside them. False may also mean that it cannot be told."""
    return _written_out(one) == _written_out(other)


def _written_out(policy: CurbPolicy) -> CurbPolicy:
    """Without exceptions, weeks of the month or several purposes at once: what 1.0 has no words for."""
    return replace(
        policy,
        spans=tuple(_on_dates(span) for span in _spans(policy)),
        rules=tuple(each for rule in policy.rules for each in _one_purpose_each(rule)),
    )


def _spans(policy: CurbPolicy) -> tuple[TimeSpan, ...]:
    try:
        return folded(plain(folded(policy.spans)))
    except TwoPeriods:
        return folded(policy.spans)


def _on_dates(span: TimeSpan) -> TimeSpan:
    if not span.weeks_of_month:
        return span
    return replace(span, weeks_of_month=frozenset(), days_of_month=dates_of(span)) if dates_of(span) else NEVER


def _one_purpose_each(rule: CurbRule) -> list[CurbRule]:
    return [replace(rule, purposes=(name,)) for name in rule.purposes] or [rule]
