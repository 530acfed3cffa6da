"""Conduct: what was done that no other row tells of: a sign-in, a list exported, a file hashed again."""

import pgtrigger
from django.conf import settings
from django.db import models

from ecpd.audit import labels
from ecpd.audit.records import Ledger, guard, refuse
from ecpd.checks.json_field import JSONField
from ecpd.web.words import action as action_words

# An act is told in few words. What is too long to be printed with its entry would keep all others from their seals.
IN_FEW_WORDS = f"""
IF octet_length(NEW.detail::text) > 65536 THEN
    {refuse("AU-01", "An act without a record of its own is told in 64 KiB at most.")}
END IF;
"""
# A person is called by the account's name; who has none, by one of a few names that are nobody's.
BY_THEIR_NAME = f"""
IF NEW.actor_id IS NULL THEN
    IF NEW.actor_label NOT IN ({", ".join(f"'{label}'" for label in labels.LABELS)}) AND NOT (
        NEW.actor_label ~ '^Owner (of the database|at the shell \\([^()]*\\))$'
        AND pg_has_role(current_user, (SELECT c.relowner FROM pg_class c WHERE c.oid = TG_RELID), 'USAGE')) THEN
        {refuse("AU-01", "Who acts without an account is not called by a name of one's own.")}
    END IF;
ELSE
    SELECT left(coalesce(nullif(trim(concat_ws(' ', nullif(u.rank, ''), nullif(u.first_name, ''), nullif(u.last_name, ''))),
                                ''), u.username), 200)
    INTO NEW.actor_label FROM public.accounts_user u WHERE u.id = NEW.actor_id;
END IF;
"""

# What a door decides on is told only with its decision; the purge says in the end what was decided at its beginning.
OF_A_DOOR = f"""
IF NEW.action !~ '^[a-z0-9_.]+$' THEN
    {refuse("AU-01", "The name of an act is in small letters.")}
END IF;
IF EXISTS (SELECT 1 FROM public.accounts_roleact o WHERE o.action = NEW.action)
   AND NOT (NEW.actor_id IS NOT NULL AND public.ecpd_decided(NEW.action, NULL, NULL, NEW.actor_id))
   AND NOT (NEW.action = 'plate.purge' AND EXISTS (SELECT 1 FROM public.policy_decision d WHERE d.action = NEW.action
            AND d.actor_id = NEW.actor_id AND d.outcome = 'allowed'))
   AND NOT (NEW.action = 'plate.purge' AND NEW.actor_id IS NULL) THEN
    {refuse("AU-01", "What a door decides on is told by who decided, with the decision.")}
END IF;
"""


class Conduct(Ledger):
    """Who did what to which thing, as the application says it. Its event is the database's own (AU-01).

    A decision that is named is one of this very transaction, of this person and for this action; the database refuses
    any other.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_label = models.CharField(max_length=200)
    action = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=80, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    subject_label = models.CharField(max_length=200, blank=True)
    case_number = models.CharField(max_length=20, blank=True)
    decision_id = models.BigIntegerField(null=True, blank=True)
    detail = JSONField(shape="o", default=dict, blank=True)
    ip_address = models.GenericIPAddressField(null=True, blank=True)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-id"]
        triggers = [
            *Ledger.Meta.triggers,
            guard("au_01_in_few_words", IN_FEW_WORDS, on=pgtrigger.Insert),
            guard("au_01_by_their_name", BY_THEIR_NAME, on=pgtrigger.Insert),
            guard("au_01_of_a_door", OF_A_DOOR, on=pgtrigger.Insert),
        ]
        verbose_name = "act without a record of its own"
        verbose_name_plural = "acts without a record of their own"

    def __str__(self) -> str:
        return f"{self.actor_label}: {action_words(self.action)}. {self.subject_label}".strip()
