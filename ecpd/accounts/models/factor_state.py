"""FactorState: which codes of an account were taken and how many failed, whatever process asked."""

import pgtrigger
from django.conf import settings
from django.db import models

from ecpd.accounts.models.granted import THE_OWNER
from ecpd.audit.fixed import ALWAYS, while_empty
from ecpd.audit.records import Record, guard, refuse
from ecpd.checks.stamped import SLACK

# A step that is far ahead would refuse every code of the account from then on; clocks differ by a step or two.
_NONE_OF_LATER = f"""
IF NEW.last_step > floor(extract(epoch FROM public.ecpd_now()) / 30) + 2 THEN
    {refuse("AC-01", "No code of a later time is taken.")}
END IF;
"""
# The codes are closed by wrong ones alone, for as long as the page closes them: 15 minutes after the fifth, and twice as
# long each further five, at most a day. One try at a time is counted.
FAILURES, FIRST_MINUTES, LONGEST_HOURS = 5, 15, 24
_PAUSE = (
    f"least(interval '{FIRST_MINUTES} minutes' * (2 ^ least(NEW.failures / {FAILURES} - 1, 10)),"
    f" interval '{LONGEST_HOURS} hours')"
)
_CLOSED_BY_FAILURES = f"""
IF {THE_OWNER} THEN RETURN NEW; END IF;
IF NEW.failures > OLD.failures + 1 THEN
    {refuse("AC-01", "Wrong codes are counted one at a time.")}
END IF;
IF NEW.closed_until IS DISTINCT FROM OLD.closed_until AND NEW.closed_until IS NOT NULL AND NOT (
    NEW.failures = OLD.failures + 1 AND NEW.failures % {FAILURES} = 0
    AND NEW.closed_until <= public.ecpd_now() + {_PAUSE} + {SLACK}) THEN
    {refuse("AC-01", "Codes are closed by the fifth wrong one in a row, and no longer than that.")}
END IF;
"""
# Only an administrator gives a code, not to himself; it is over in time, and a wrong try is not taken back.
_CODE_OF_ANOTHER = f"""
IF NEW.enrol_hash <> '' AND (TG_OP = 'INSERT' OR NEW.enrol_hash <> OLD.enrol_hash) THEN
    IF NEW.enrol_by_id IS NULL OR NEW.enrol_by_id = NEW.user_id
        OR NOT public.ecpd_has_role(NEW.enrol_by_id, 'administrator') THEN
        {refuse("AC-01", "An enrolment code is given by an administrator, and not to himself.")}
    END IF;
    IF NEW.enrol_until IS NULL OR NEW.enrol_until > public.ecpd_now() + interval '15 days' OR NEW.enrol_tries <> 0 THEN
        {refuse("AC-01", "An enrolment code is new when it is given, and good for two weeks.")}
    END IF;
ELSIF TG_OP = 'UPDATE' AND OLD.enrol_hash <> '' AND (
    NEW.enrol_hash = '' OR NEW.enrol_tries < OLD.enrol_tries OR NEW.enrol_by_id IS DISTINCT FROM OLD.enrol_by_id
    OR NEW.enrol_until IS NULL OR NEW.enrol_until > OLD.enrol_until
    OR NOT {THE_OWNER} AND (NEW.enrol_tries > OLD.enrol_tries + 1 OR NEW.enrol_until < OLD.enrol_until)) THEN
    {refuse("AC-01", "An enrolment code that was given stays as it is; another one takes its place.")}
END IF;
"""


class FactorState(Record):
    """One row an account. `last_step` counts 30-second steps since 1970 (RFC 6238): no code up to it counts again."""

    may_change = dict.fromkeys(("last_step", "failures", "first_at", "closed_until"), ALWAYS) | dict.fromkeys(
        ("enrol_hash", "enrol_tries", "enrol_until", "enrol_by_id"), while_empty("first_at")
    )
    born_with = (
        "first_at",
        "enrol_hash",
        "enrol_until",
        "enrol_by_id",
    )  # a trigger makes the row with the first factor

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="factor_state")
    last_step = models.BigIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0, help_text="Wrong codes since the last right one.")
    first_at = models.DateTimeField(
        null=True, blank=True, help_text="When the account got its first second factor; kept by the database."
    )
    closed_until = models.DateTimeField(null=True, blank=True, help_text="Until then no code is looked at.")

    enrol_hash = models.CharField(
        max_length=64,
        blank=True,
        db_default="",
        default="",
        help_text="SHA-256 of the code that goes with the first second factor.",
    )
    enrol_tries = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Wrong enrolment codes; the fifth ends it."
    )
    enrol_until = models.DateTimeField(null=True, blank=True)
    enrol_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The administrator who gave the code; empty for one that an older version made.",
    )

    class Meta(Record.Meta):
        abstract = False
        triggers = [
            *Record.Meta.triggers,
            guard(
                "ac_01_codes_count_once",
                "IF NEW.last_step < OLD.last_step OR NEW.user_id <> OLD.user_id"
                " OR OLD.first_at IS NOT NULL AND NEW.first_at IS DISTINCT FROM OLD.first_at THEN "
                f"{refuse('AC-01', 'A code that was taken is not taken again.')} END IF;",
                on=pgtrigger.Update,
            ),
            guard("ac_01_closed_by_failures", _CLOSED_BY_FAILURES, on=pgtrigger.Update),
            guard("ac_01_enrolment_code", _CODE_OF_ANOTHER, on=pgtrigger.Insert | pgtrigger.Update),
            guard("ac_01_no_code_of_later", _NONE_OF_LATER, on=pgtrigger.Insert | pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return f"Codes of {self.user}"
