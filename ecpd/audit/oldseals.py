"""Entries of format 1 carry a digest of their Decision; it is made anew here."""

import hashlib
import json
from typing import Any

from ecpd.audit.findings import Findings, stream

DECISIONS = """
SELECT s.number, e.detail ->> 'decision', d.id, d.actor_id, d.action, d.subject_type, d.subject_id, d.case_number,
       d.outcome, d.verdicts::text, d.justification, d.parameters::text, d.manual_version_id
FROM audit_auditevent e JOIN audit_chainseal s ON s.event_id = e.id LEFT JOIN policy_decision d ON d.id = e.decision_id
WHERE e.format = 1 AND e.decision_id IS NOT NULL AND e.detail ? 'decision' ORDER BY s.number
"""


def walk_old_decisions(findings: Findings) -> None:
    """Name each Decision that does not fit the digest its entry was sealed with."""
    for number, sealed, key, *rest in stream(DECISIONS):
        if key is None:
            findings.add(number, "row missing", f"The decision that entry {number:,} seals is gone.")
        elif old_digest([key, *rest]) != sealed:
            findings.add(number, "row changed", f"Decision {key} was changed after entry {number:,} sealed it.")


def old_digest(content: list[Any]) -> str:
    """SHA-256 of a Decision's content as format 1 wrote it, hex; verdicts and parameters (7, 9) are JSON texts."""
    read = [json.loads(value) if place in {7, 9} else value for place, value in enumerate(content)]
    return hashlib.sha256(json.dumps(read, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
