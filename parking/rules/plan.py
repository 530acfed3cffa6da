"""PK-14: a payment plan or a reduction, at any time."""

from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict
from parking.models import PaymentPlan


@rule("PK-14", on="citation.plan")
def within_the_limits(ctx: Context) -> Verdict:
    """Who is unable to pay and owes up to the limit pays no more a month, no longer, and no higher fee than it says."""
    plan: PaymentPlan | None = ctx.fact("plan")
    if plan is None:
        return ctx.met("No plan is granted.")
    if plan.fee_cents > ctx.parameter("plan_fee_max_dollars") * 100:
        return ctx.unmet(f"The fee is over ${ctx.parameter('plan_fee_max_dollars')}.", "Lower it, or leave it out.")
    if not plan.unable_to_pay or plan.owed_cents - plan.fee_cents > ctx.parameter("plan_debt_max_dollars") * 100:
        return ctx.met("It was agreed on freely; the limits for people unable to pay do not apply.")
    if plan.monthly_cents > ctx.parameter("plan_monthly_max_dollars") * 100:
        return ctx.unmet(
            f"A month may cost ${ctx.parameter('plan_monthly_max_dollars')} at most.", "Lower the monthly part."
        )
    if plan.months > ctx.parameter("plan_months_max"):
        return ctx.unmet(f"A plan runs {ctx.parameter('plan_months_max')} months at most.", "Shorten it.")
    return ctx.met("Monthly part, months and fee are within the limits for people unable to pay.")


@rule("PK-15", on="citation.plan")
def granted_by_another(ctx: Context) -> Verdict:
    """Who issued a citation grants nothing on it, and answers no request about it."""
    covered = [ctx.subject, *ctx.fact("covered", [])]
    if ctx.fact("favor") and any(one.issued_by_id == ctx.actor.pk for one in covered):
        return ctx.unmet("You issued this citation.", "Another parking manager decides on it.")
    return ctx.met("Nobody grants or declines anything on a citation of their own.")


@rule("PK-14", on="citation.plan")
def answered_in_words(ctx: Context) -> Verdict:
    """A plan, a reduction or a refusal gives its reason."""
    if len(ctx.justification.strip()) < 10:
        return ctx.unmet("No reason is given.", "Say in a sentence why; the person reads it.")
    if ctx.subject.is_canceled:
        return ctx.unmet("The citation is canceled; nothing is owed.", "Nothing is left to do.")
    return ctx.met("The reason stays on the record.")
