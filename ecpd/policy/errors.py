"""Errors of the policy door."""

from ecpd.policy.verdicts import Verdict
from ecpd.problem import ProblemError


class PolicyDenied(ProblemError):
    """The door stayed shut. Carries the Decision's number and every verdict."""

    code = "policy_denied"
    title = "Refused by policy"
    status = 403

    def __init__(self, verdicts: list[Verdict], *, action: str, decision_id: int | None) -> None:
        self.verdicts = verdicts
        self.action = action
        self.decision_id = decision_id
        super().__init__(" ".join(f"{v.sentence} ({v.rule_id})" for v in self.blocking))

    @property
    def blocking(self) -> list[Verdict]:
        """The verdicts that kept it shut."""
        return [verdict for verdict in self.verdicts if verdict.blocks]
