"""Errors in the OpenAPI schema: every operation says that it may answer with problem details (RFC 9457)."""

from typing import Any

VERDICT = {
    "type": "object",
    "description": "One rule's answer: its id, whether it is met, why, and what would satisfy it.",
    "properties": {
        "rule_id": {"type": "string"},
        "outcome": {"type": "string", "enum": ["met", "unmet", "needs_words", "by_construction"]},
        "sentence": {"type": "string"},
        "remedy": {"type": "string"},
    },
    "required": ["rule_id", "outcome", "sentence", "remedy"],
}
PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457). A refusal by policy names its decision and every rule's verdict.",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {"description": "What is wrong, by field, when values need another look."},
        "decision": {"type": "integer", "nullable": True},
        "verdicts": {"type": "array", "items": {"$ref": "#/components/schemas/Verdict"}},
    },
    "required": ["type", "title", "status", "detail", "code"],
}
ANSWERS = {
    "401": "Nobody is signed in, or the account may not sign in.",
    "403": "Refused by policy: each rule, why, and what would satisfy it. The refusal is recorded.",
    "404": "There is nothing here, or not for this account.",
    "default": "A problem.",
}


def declare_problems(result: dict[str, Any], generator, request, public: bool) -> dict[str, Any]:
    """drf-spectacular's hook: the schema with problem details on every operation that declares none itself."""
    result["components"]["schemas"] |= {"Problem": PROBLEM, "Verdict": VERDICT}
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in result["paths"].values():
        for operation in operations.values():
            for status, description in ANSWERS.items():
                operation["responses"].setdefault(status, {"description": description, "content": content})
    return result
