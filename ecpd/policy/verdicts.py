"""What a rule sees and what it answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """A rule's answer: met, not met, met only once something is written down; or nothing was asked here.

    "By construction" is no finding: it says where the rule is held, so that nobody reads a tick as a check that was made.
    """

    MET = "met"
    UNMET = "unmet"
    NEEDS_WORDS = "needs_words"
    BY_CONSTRUCTION = "by_construction"


BLOCKING = (Outcome.UNMET, Outcome.NEEDS_WORDS)  # what keeps the door shut


@dataclass(frozen=True)
class Verdict:
    """One rule's answer: a sentence a detective understands, and what would satisfy the rule.

    `changed`: the parts of a page that are not as they were shown, where that is what the rule found.
    """

    rule_id: str
    outcome: Outcome
    sentence: str
    remedy: str = ""
    changed: frozenset[str] = frozenset()

    @property
    def blocks(self) -> bool:
        """Whether it keeps the door shut."""
        return self.outcome in BLOCKING

    def as_json(self) -> dict[str, str]:
        """The verdict as it is kept in a Decision; the sentence says which parts changed."""
        return {"rule_id": self.rule_id, "outcome": str(self.outcome), "sentence": self.sentence, "remedy": self.remedy}


@dataclass
class Context:
    """What a rule may look at: the actor, the action, its subject, words given, and facts of this request.

    `facts` carries what is not yet in a row (the purpose of a search being requested, for instance). Parameters are
    read through `parameter`, so that the Decision can name each one and its value.
    """

    actor: Any
    action: str
    subject: Any
    parameters: Mapping[str, Any]
    justification: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    rule_id: str = ""
    parameters_read: dict[str, Any] = field(default_factory=dict)
    version: Any = None

    def parameter(self, name: str) -> Any:
        """A parameter of the manual in force. Raises KeyError for a name the manual does not know."""
        self.parameters_read[name] = self.parameters[name]
        return self.parameters[name]

    def fact(self, name: str, default: Any = None) -> Any:
        """A fact of this request."""
        return self.facts.get(name, default)

    def met(self, sentence: str) -> Verdict:
        """The rule is met."""
        return Verdict(self.rule_id, Outcome.MET, sentence)

    def by_construction(self, sentence: str, where: str) -> Verdict:
        """Nothing is asked here: `where` says what holds the rule instead."""
        return Verdict(self.rule_id, Outcome.BY_CONSTRUCTION, sentence, where)

    def unmet(self, sentence: str, remedy: str, *, changed: Iterable[str] = ()) -> Verdict:
        """The rule is not met; `remedy` says what would satisfy it, `changed` which parts of a page are not as shown."""
        return Verdict(self.rule_id, Outcome.UNMET, sentence, remedy, frozenset(changed))

    def needs_words(self, sentence: str, remedy: str, *, met_sentence: str = "") -> Verdict:
        """The rule wants a written justification: met when one of 20 characters or more was given."""
        if len(self.justification.strip()) >= MIN_JUSTIFICATION:
            return self.met(met_sentence or f"{sentence} Your written reason stays on the record.")
        return Verdict(self.rule_id, Outcome.NEEDS_WORDS, sentence, remedy)


MIN_JUSTIFICATION = 20
