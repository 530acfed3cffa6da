"""Rules on who may do what at all."""

import re
from collections.abc import Iterator

from ecpd.accounts.roles import ACTIONS, Role, conflict
from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict


@rule("AC-08", on=sorted(ACTIONS))
def role_opens_action(ctx: Context) -> Verdict:
    """The role table names one of the actor's roles for this action."""
    action = ACTIONS[ctx.action]
    scope = getattr(ctx.actor, "token_actions", None)
    if scope is not None and ctx.action not in scope:
        return ctx.unmet(f"This API token may not {action.words}.", "Use a token whose scope names it.")
    if ctx.actor.role_names & action.roles:
        return ctx.met(f"Your role may {action.words}.")
    needed = " or ".join(Role(name).label.lower() for name in sorted(action.roles))
    return ctx.unmet(f"Your role may not {action.words}.", f"Ask a colleague who is {_article(needed)} {needed}.")


@rule("AC-10", on="account.manage")
def roles_of_one_side(ctx: Context) -> Iterator[Verdict]:
    """Roles that exclude each other are not given to one account; an old account that has both is told apart."""
    given = ctx.fact("roles")
    if given is None:
        return
    if apart := conflict(given):
        one, other = (role.label.lower() for role in apart)
        yield ctx.unmet(f"One account cannot be {one} and {other}.", "Choose one of the two.")
    else:
        yield ctx.met("None of these roles excludes another.")


@rule("AC-10", on="account.manage")
def somebody_elses_account(ctx: Context) -> Verdict:
    """No administrator changes, releases or re-enables the own account."""
    if ctx.subject is not None and ctx.subject.pk == ctx.actor.pk:
        return ctx.unmet("This is your own account.", "Ask another administrator.")
    return ctx.met("The account is somebody else's.")


@rule("AC-08", on="token.revoke")
def own_token_or_administrator(ctx: Context) -> Verdict:
    """A token is revoked by its owner or an administrator."""
    if ctx.subject.owner_id == ctx.actor.pk or Role.ADMINISTRATOR in ctx.actor.role_names:
        return ctx.met("The token is yours, or you manage accounts.")
    return ctx.unmet("The token is somebody else's.", "Ask its owner or an administrator.")


@rule("FR-20", on="certificate.issue")
def issued_by_another(ctx: Context) -> Verdict:
    """Nobody issues a certificate to himself."""
    if ctx.subject.pk == ctx.actor.pk:
        return ctx.unmet("This certificate would be your own.", "Ask another administrator, or the chief.")
    return ctx.met("The certificate is somebody else's.")


@rule("FR-20", on="certificate.suspend")
def suspended_once_with_a_reason(ctx: Context) -> Verdict:
    """A suspension says why, and is final."""
    if ctx.subject.suspended_at is not None:
        return ctx.unmet("This certificate is suspended already.", "After new training, issue a new certificate.")
    if not re.search(r"[^\W\d_]{3}", ctx.justification):
        return ctx.unmet("The suspension gives no reason.", "Say in a sentence what happened.")
    return ctx.met("The suspension gives its reason.")


def _article(words: str) -> str:
    return "an" if words[0] in "aeiou" else "a"
