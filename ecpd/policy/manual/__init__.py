"""The policy manual's words: every rule with its sources, every parameter with its first value."""

import json
from pathlib import Path

from ecpd.policy.manual.audit_access import RULES as AUDIT_ACCESS
from ecpd.policy.manual.face_search import RULES as FACE_SEARCH
from ecpd.policy.manual.later import RULES as LATER
from ecpd.policy.manual.parameters import PARAMETERS as GENERAL
from ecpd.policy.manual.parking import PARAMETERS as PARKING_PARAMETERS
from ecpd.policy.manual.parking import RULES as PARKING
from ecpd.policy.manual.second_version import LATER as SECOND_VERSION
from ecpd.policy.manual.second_version import NOT_YET
from ecpd.policy.manual.types import Parameter, Rule

RULES: dict[str, Rule] = {rule.id: rule for rule in (*FACE_SEARCH, *PARKING, *AUDIT_ACCESS, *LATER, *SECOND_VERSION)}
PARAMETERS: dict[str, Parameter] = {**GENERAL, **{setting.name: setting for setting in PARKING_PARAMETERS}}

# Written by tests/attacks: how many attempts to break each rule the database itself refused in this release's tests.
ATTACKS: dict[str, int] = json.loads(Path(__file__).with_name("attacks.json").read_text())
# Written by a whole run of them: by rule, how many of these a second guard would have held too, and which ones.
SECOND_GUARDS: dict[str, dict] = json.loads(Path(__file__).with_name("second_guards.json").read_text())

CHAPTERS: dict[str, str] = {
    "FR": "Face search",
    "LU": "Line-ups",
    "PK": "Plates and parking",
    "AU": "Audit",
    "AC": "Access",
    "DR": "Drones",
    "TR": "Transparency",
    "LR": "Location records",
}

__all__ = ["ATTACKS", "CHAPTERS", "NOT_YET", "PARAMETERS", "RULES", "SECOND_GUARDS", "Parameter", "Rule"]
