"""PacketReading: somebody opened a packet, which version of it (FR-13)."""

import pgtrigger
from django.conf import settings
from django.db import models

from cases.models.by_name import by_name
from ecpd.audit.records import Ledger, guard, refuse
from ecpd.checks.json_field import JSONField
from ecpd.policy.models import Decision
from leads.models.late import in_matter
from leads.models.lead import CASE_OF_LEAD

OF_APPLICATION = "(SELECT a.lead_id FROM leads_warrantapplication a WHERE a.id = NEW.application_id)"
OPENED = f"""
NEW.at := ecpd_now();
IF NOT EXISTS (SELECT 1 FROM policy_decision d WHERE d.id = NEW.decision_id AND d.actor_id = NEW.reader_id
               AND d.action = 'warrant.packet' AND d.outcome = 'allowed'
               AND d.subject_type = 'leads.warrantapplication' AND d.subject_id = NEW.application_id::text) THEN
    {refuse("FR-13", "A packet is opened through the door.")}
END IF;
IF jsonb_typeof(NEW.parts) IS DISTINCT FROM 'object' OR NEW.version IS DISTINCT FROM (
        SELECT encode(sha256(convert_to(string_agg(p.key || E'\\n' || p.value || E'\\n', '' ORDER BY p.key COLLATE "C"),
                                        'UTF8')), 'hex')
        FROM jsonb_each_text(CASE jsonb_typeof(NEW.parts) WHEN 'object' THEN NEW.parts END) p) THEN
    {refuse("FR-13", "A version of a packet is the digest of its parts.")}
END IF;
"""


class PacketReading(Ledger):
    """Somebody opened a packet: which version of it, named by its content's digest."""

    application = models.ForeignKey("leads.WarrantApplication", on_delete=models.PROTECT, related_name="readings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.CharField(max_length=64)
    parts = JSONField(
        shape={"all": "s"}, help_text="Each part's heading with its digest, so that a change can be named."
    )
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(Ledger.Meta):
        abstract = False
        ordering = ["-id"]
        indexes = [models.Index(fields=["application", "reader", "-id"], name="packet_reading_of")]
        triggers = [
            *Ledger.Meta.triggers,
            # What comes in meanwhile is waited for: a captain opens the packet with it, or before it began.
            in_matter(CASE_OF_LEAD.format(OF_APPLICATION)),
            by_name("reader_id", case=CASE_OF_LEAD.format(OF_APPLICATION)),
            guard("fr_13_packet_opened", OPENED, on=pgtrigger.Insert),
        ]

    def __str__(self) -> str:
        return f"Packet of {self.application}, version {self.version[:8]}"
