"""AuditEvent: one thing somebody did, sealed to the entry before it (AU-01)."""

import pgtrigger
from django.conf import settings
from django.db import models

from ecpd.audit import pinned
from ecpd.audit.records import Ledger

# The text an entry's seal is made of: `number` fixes its place, jsonb text is canonical in PostgreSQL.
CANONICAL_SQL = """jsonb_build_array(
    {row}.number, to_char({row}.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), {row}.actor_id, {row}.actor_label,
    {row}.action, {row}.subject_type, {row}.subject_id, {row}.subject_label, {row}.case_number, {row}.decision_id,
    {row}.detail, {row}.ip_address)::text"""

# Writers queue on one advisory lock, so numbers have no gaps and each entry sees the one before it.
SEAL = f"""
PERFORM pg_advisory_xact_lock(hashtext('ecpd.audit.chain'));
SELECT number, hash INTO last_number, last_hash FROM audit_auditevent ORDER BY number DESC LIMIT 1;
NEW.number := COALESCE(last_number, 0) + 1;
NEW.at := ecpd_now();
NEW.previous_hash := COALESCE(last_hash, repeat('0', 64));
NEW.hash := encode(sha256(convert_to(NEW.previous_hash || {CANONICAL_SQL.format(row="NEW")}, 'UTF8')), 'hex');
RETURN NEW;
"""


class AuditEvent(Ledger):
    """One entry of the chain. `number`, `at` and both hashes are set by the database, whatever was passed.

    hash = SHA-256(previous_hash + canonical JSON of the columns), hex; the first entry's previous hash is 64 zeros.
    """

    number = models.BigIntegerField(unique=True, default=0, editable=False)
    at = models.DateTimeField(db_index=True, editable=False, auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    actor_label = models.CharField(max_length=200)
    action = models.CharField(max_length=80, db_index=True)
    subject_type = models.CharField(max_length=80, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    subject_label = models.CharField(max_length=200, blank=True)
    case_number = models.CharField(max_length=20, blank=True, db_index=True)
    decision_id = models.BigIntegerField(null=True, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    previous_hash = models.CharField(max_length=64, editable=False)
    hash = models.CharField(max_length=64, editable=False)

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-number"]
        verbose_name = "entry of the audit chain"
        verbose_name_plural = "audit chain"
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="audit_event_subject")]
        triggers = [
            *Ledger.Meta.triggers,
            pinned.Trigger(
                name="au_01_seal",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("last_number", "bigint"), ("last_hash", "text")],
                func=SEAL,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.actor_label}: {self.action} {self.subject_label}".strip()
