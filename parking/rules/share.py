"""PK-08 and PK-17: what leaves the department, and the month in numbers."""

from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict
from parking.models import PartnerAgency, PublicAgency
from parking.never_shared import (
    is_a_federal_name,
    names_a_federal_agency,
    names_immigration_enforcement,
    names_somebody_elsewhere,
)
from parking.selectors.share import others_named

NOTHING = "Nothing: plate data is never given there."
ADDED = "Ask the records manager; the database's owner adds one with `manage.py load_agencies FILE --reason WORDS`."


@rule("PK-08", on="plate.share")
def only_a_public_agency_of_california(ctx: Context) -> Verdict:
    """The agency stands in the register, and on the owner's list of California public agencies."""
    agency = ctx.fact("agency")
    if not isinstance(agency, PartnerAgency) or agency.withdrawn_at is not None:
        return ctx.unmet(
            "The agency is not in the register.", "Enter it first; only public agencies of California are."
        )
    if agency.listed is None:
        return ctx.unmet(f"{agency} was entered before there was a list of agencies, and is not on it.", ADDED)
    if agency.listed.withdrawn_at is not None:
        return ctx.unmet(f"{agency} was taken off the list of agencies.", ADDED)
    return ctx.met(f"{agency} is a public agency of California: {agency.listed.law}.")


@rule("PK-08", on="plate.share")
def never_for_immigration(ctx: Context) -> Verdict:
    """Never for immigration enforcement, whoever asks."""
    nothing = "Nothing: it is never shared for that."
    if ctx.fact("for_immigration"):
        return ctx.unmet("The purpose is immigration enforcement.", nothing)
    if (words := names_immigration_enforcement(*_written(ctx))) and not ctx.fact("refuse"):
        return ctx.unmet(f"The request names immigration enforcement: “{words}”.", nothing)
    return ctx.met("Neither the request nor its purpose names immigration enforcement.")


@rule("PK-08", on="plate.share")
def never_to_a_federal_agency(ctx: Context) -> Verdict:
    """Neither to a federal agency nor, through one of California, for another."""
    agency = ctx.fact("agency")
    named = is_a_federal_name(agency.name) if isinstance(agency, PartnerAgency) else ""
    if (words := named or names_a_federal_agency(*_written(ctx))) and not ctx.fact("refuse"):
        return ctx.unmet(f"“{words}” names a federal agency.", "Nothing: no federal agency receives plate data.")
    return ctx.met("Neither the agency, the request nor its purpose names a federal agency.")


@rule("PK-08", on="plate.share")
def never_elsewhere(ctx: Context) -> Verdict:
    """Neither to another state or a company nor, through one agency, to another."""
    agency = ctx.fact("agency")
    named = agency.name if isinstance(agency, PartnerAgency) else ""
    if (words := names_somebody_elsewhere(named, *_written(ctx))) and not ctx.fact("refuse"):
        return ctx.unmet(f"“{words}” is of another state, or a company.", NOTHING)
    others = others_named(agency, *_written(ctx)) if named and not ctx.fact("refuse") else []
    if others:
        return ctx.unmet(
            f"What is written names another agency: {', '.join(others)}.",
            "Each agency asks for itself. Choose the one whose letter it is, and name that one only.",
        )
    return ctx.met("Nobody else is named beside the agency that asks.")


@rule("PK-08", on="plate.share")
def request_is_recorded(ctx: Context) -> Verdict:
    """The request, its purpose and the reasons are written down."""
    missing = [words for name, words in (("request", "the request"), ("purpose", "its purpose"))
               if len(str(ctx.fact(name, "")).strip()) < 10]  # fmt: skip
    if len(ctx.justification.strip()) < 10:
        missing.append("the reasons")
    if missing:
        return ctx.unmet(f"Not written down: {', '.join(missing)}.", "Write it in words; it stays on the record.")
    return ctx.met("The request, its purpose and the reasons are recorded.")


@rule("PK-17", on="parking.report")
def read_by_those_who_answer_for_it(ctx: Context) -> Verdict:
    """The month's accesses are published in numbers; the figures behind them are read inside."""
    return ctx.by_construction("Figures name no plate and no driver.", "The page counts and lists nothing else.")


def _written(ctx: Context) -> tuple[str, ...]:
    """The words of a share: what was asked, what for, and why it is decided so."""
    return str(ctx.fact("request", "")), str(ctx.fact("purpose", "")), ctx.justification


@rule("PK-08", on="plate.partner")
def register_holds_californians_only(ctx: Context) -> Verdict:
    """Only state and local public agencies of California can be entered."""
    agency: PartnerAgency = ctx.subject
    if agency.state != "CA" or not agency.is_public:
        return ctx.unmet("It is not a public agency of California.", "Nothing: no other agency receives plate data.")
    listed = ctx.fact("listed")
    if not isinstance(listed, PublicAgency) or listed.withdrawn_at is not None or listed.name != agency.name:
        return ctx.unmet("It is not on the owner's list of public agencies.", ADDED)
    named = names_a_federal_agency(agency.contact) or is_a_federal_name(agency.name)
    if words := names_immigration_enforcement(agency.name, agency.contact) or named:
        return ctx.unmet(f"“{words}” names a federal agency.", "Nothing: no federal agency receives plate data.")
    if words := names_somebody_elsewhere(agency.name, agency.contact):
        return ctx.unmet(f"“{words}” is of another state, or a company.", NOTHING)
    return ctx.met(f"It is on the owner's list: {listed.law}.")
