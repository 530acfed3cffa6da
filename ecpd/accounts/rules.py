"""Rules on who may do what at all."""

from ecpd.accounts.roles import ACTIONS, Role
from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict


@rule("AC-08", on=sorted(ACTIONS))
def role_opens_action(ctx: Context) -> Verdict:
    """The role table names one of the actor's roles for this action."""
    action = ACTIONS[ctx.action]
    if ctx.actor.role_names & action.roles:
        return ctx.met(f"Your role may {action.words}.")
    needed = " or ".join(Role(name).label.lower() for name in sorted(action.roles))
    return ctx.unmet(f"Your role may not {action.words}.", f"Ask a colleague who is {_article(needed)} {needed}.")


def _article(words: str) -> str:
    return "an" if words[0] in "aeiou" else "a"
