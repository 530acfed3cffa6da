"""ApiToken: a key to the API, kept as a hash, with an owner, an end and a scope."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone

from ecpd.accounts.models.granted import THE_OWNER, decided
from ecpd.accounts.roles import ACTIONS, OWN_HANDS, READING
from ecpd.audit.anchors import lock
from ecpd.audit.fixed import ALWAYS
from ecpd.audit.records import Record, guard, refuse, unchanged
from ecpd.audit.sealed import Seal
from ecpd.checks.json_field import JSONField

LONGEST_DAYS = 365


def ends_with(person: str) -> str:
    """SQL: an account that is disabled or loses a role keeps no token; given back, it makes others (AC-11)."""
    return (
        "UPDATE public.accounts_apitoken SET revoked_at = public.ecpd_now()"
        f" WHERE owner_id = {person} AND revoked_at IS NULL;"
    )


# The owner is the anchor: who is disabled in this moment would have a token that his end did not find.
_ANCHOR = lock("public.accounts_user", "NEW.owner_id", "AC-01")
_OWN_HANDS = ", ".join(f"'{name}'" for name in sorted(OWN_HANDS))
_MADE_WELL = f"""
{_ANCHOR}IF NEW.key_hash !~ '^[0-9a-f]{{64}}$' OR NEW.revoked_at IS NOT NULL OR NEW.last_used_at IS NOT NULL THEN
    {refuse("AC-01", "A token is kept as its hash, unused and not revoked.")}
END IF;
IF NEW.expires_at > public.ecpd_now() + interval '{LONGEST_DAYS + 1} days' THEN
    {refuse("AC-01", "A token ends within a year.")}
END IF;
IF NEW.scope = 'actions' AND (jsonb_typeof(NEW.actions) <> 'array' OR NEW.actions = '[]'::jsonb) THEN
    {refuse("AC-01", "A token of named actions names them.")}
END IF;
IF jsonb_typeof(NEW.actions) <> 'array' OR jsonb_path_exists(NEW.actions, 'strict $[*] ? (@.type() <> "string")', '{{}}', true)
    OR NEW.actions ?| ARRAY[{_OWN_HANDS}] THEN
    {refuse("AC-01", "A token names actions, and none for one's own hands.")}
END IF;
"""
_REVOKED_ONCE = f"""
IF OLD.revoked_at IS NOT NULL AND (NEW.revoked_at IS DISTINCT FROM OLD.revoked_at
    OR NEW.revoked_by_id IS DISTINCT FROM OLD.revoked_by_id) THEN
    {refuse("AC-01", "A token that was revoked stays so.")}
END IF;
"""

_BY_A_DECISION = f"""
IF NOT ({THE_OWNER} OR {
    decided(
        "token.make",
        about="accounts.apitoken",
        which="d.subject_id = ''",
        who="d.actor_id = NEW.owner_id AND EXISTS (SELECT 1 FROM public.accounts_user u WHERE u.id = d.actor_id AND u.is_active)",
    )
}) THEN
    {refuse("AC-01", "A token is made by its owner's decision.")}
END IF;
"""


class ApiToken(Record):
    """The key itself is shown once and not kept; `key_hash` is its SHA-256, `hint` its first characters."""

    may_change = {"last_used_at": ALWAYS, "last_used_from": ALWAYS}

    row_seal = Seal(left_out=("last_used_at", "last_used_from"))

    class Scope(models.TextChoices):
        """What a token opens of what its owner's role opens."""

        READ = "read", "Reading only"
        ALL = "all", "What the role may"
        ACTIONS = "actions", "Named actions only"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=80, help_text="What uses it, for instance Records export.")
    key_hash = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=12)
    scope = models.CharField(max_length=10, choices=Scope.choices, default=Scope.READ)
    actions = JSONField(shape={"each": "s"}, default=list, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    last_used_from = models.CharField(max_length=64, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    once = ("revoked_at", "revoked_by_id")

    class Meta(Record.Meta):
        abstract = False
        ordering = ["-created_at"]
        triggers = [
            *Record.Meta.triggers,
            guard("ac_01_token_made", _MADE_WELL, on=pgtrigger.Insert),
            guard("zz_ac_01_by_decision", _BY_A_DECISION, on=pgtrigger.Insert),
            guard("ac_01_token_revoked", _REVOKED_ONCE, on=pgtrigger.Update),
            unchanged(
                "ac_01_token_fixed",
                ["owner_id", "name", "key_hash", "hint", "scope", "actions", "created_at", "expires_at"],
                "AC-01",
                "A token is never changed; revoke it and make another.",
            ),
        ]
        verbose_name = "API token"
        verbose_name_plural = "API tokens"

    def __str__(self) -> str:
        return f"API token {self.hint}… of {self.owner}"

    @property
    def is_good(self) -> bool:
        """Whether it opens anything now."""
        return self.revoked_at is None and timezone.now() < self.expires_at

    @property
    def opens(self) -> frozenset[str]:
        """The actions it may start, as far as its owner's role opens them; never what is for one's own hands."""
        named = {"read": READING, "all": frozenset(ACTIONS), "actions": frozenset(self.actions)}
        return named[self.scope] - OWN_HANDS


class ApiUse(models.Model):
    """Requests of the API in the current minute, by token, account or source: a tally that every worker shares."""

    working_row = "How often a token was used in this minute; over with the minute."

    key = models.CharField(max_length=80, primary_key=True)
    minute = models.DateTimeField()
    count = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.count} requests of {self.key}"
