"""The policy manual's words: every rule with its sources, every parameter with its first value."""

from ecpd.policy.manual.audit_access import RULES as AUDIT_ACCESS
from ecpd.policy.manual.face_search import RULES as FACE_SEARCH
from ecpd.policy.manual.later import RULES as LATER
from ecpd.policy.manual.parameters import PARAMETERS
from ecpd.policy.manual.types import Parameter, Rule

RULES: dict[str, Rule] = {rule.id: rule for rule in (*FACE_SEARCH, *AUDIT_ACCESS, *LATER)}

CHAPTERS: dict[str, str] = {
    "FR": "Face search",
    "LU": "Line-ups",
    "PK": "Plates and parking",
    "AU": "Audit",
    "AC": "Access",
    "DR": "Drones",
    "TR": "Transparency",
}

__all__ = ["CHAPTERS", "PARAMETERS", "RULES", "Parameter", "Rule"]
