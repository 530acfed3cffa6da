"""FR-01 to FR-04: who may search for whom, on what ground, with which picture; and who may look at the result."""

from collections.abc import Iterator

from cases.access import access_verdict, sealed_verdict
from ecpd.checks.letters import seen_length
from ecpd.policy.registry import rule
from ecpd.policy.verdicts import Context, Verdict
from leads.models import SearchRequest
from leads.selectors.history import searches_in_words
from leads.selectors.search import earlier_searches

# What is asked of a request is asked again of the same request when a worker runs it.
TO_SEARCH = ["search.request", "search.run"]
TO_LOOK = ["search.view", "search.replay", "candidates.view", "candidates.open"]
ON_A_SEARCH = [*TO_LOOK, "search.cancel"]


@rule("FR-01", on=[*TO_SEARCH, "review.conclude"])
def certificate_is_current(ctx: Context) -> Verdict:
    """A current facial-recognition certificate."""
    certificate = ctx.actor.current_certificate
    if certificate is None:
        return ctx.unmet(
            "You have no current facial-recognition certificate.",
            "Finish the training; an administrator enters the certificate.",
        )
    return ctx.met(f"Your face-search training is current, until {certificate.expires_on:%B %-d, %Y}.")


@rule("FR-02", on=TO_SEARCH)
def grounds(ctx: Context) -> Iterator[Verdict]:
    """An open case that is yours, an allowed purpose and offense, facts in words, no forbidden ground."""
    yield _open_case(ctx)
    yield _known_elsewhere(ctx)
    yield _assigned(ctx)
    yield _purpose(ctx)
    yield _offense(ctx)
    yield _facts(ctx)
    yield _declared(ctx)


def _open_case(ctx: Context) -> Verdict:
    case = ctx.fact("case") or ctx.subject.case
    if case.is_open:
        return ctx.met("The case is open.")
    return ctx.unmet(f"{case} is {case.get_status_display().lower()}.", "Reopen it first.")


def _known_elsewhere(ctx: Context) -> Verdict:
    case = ctx.fact("case") or ctx.subject.case
    if number := case.incident_numbers.filter(withdrawn_at__isnull=True).first():
        return ctx.met(f"The case has a number outside of it: {number}.")
    return ctx.unmet("The case has no dispatch or records number.", "Enter it under “One matter” on the case's page.")


def _assigned(ctx: Context) -> Verdict:
    case = ctx.fact("case") or ctx.subject.case
    if case.assignments.filter(user=ctx.actor, ended_at__isnull=True).exists():
        return ctx.met("The case is assigned to you.")
    captain = case.captain.display_name if case.captain_id else "A captain"
    return ctx.unmet("The case is not assigned to you.", f"{captain} can assign it to you.")


def _purpose(ctx: Context) -> Verdict:
    if ctx.fact("purpose") in SearchRequest.Purpose.values:
        return ctx.met("The purpose is one the policy allows.")
    return ctx.unmet("No purpose is chosen.", "Choose whom you are looking for.")


def _offense(ctx: Context) -> Verdict:
    if ctx.fact("purpose") != SearchRequest.Purpose.SUSPECT:
        return ctx.met("A search that is not for a suspect names no offense.")
    offense = ctx.fact("offense")
    if offense is None:
        return ctx.unmet("No offense is named.", "Choose the offense under investigation.")
    case = ctx.fact("case") or ctx.subject.case
    if offense.pk != case.offense_id:
        return ctx.unmet(
            f"{offense.name} is not the offense of this case.",
            f"Choose {case.offense.name}, or correct the case first, on the record.",
        )
    classes = ctx.parameter("fr_offence_classes")
    if offense.crime_against not in classes:
        allowed = " or ".join(f"against {name}" for name in classes)
        return ctx.unmet(
            f"{offense.name} is not of a class for which a suspect may be searched.",
            f"Allowed are crimes {allowed}. A change is an amendment of the manual.",
        )
    return ctx.met(f"{offense.name} is the case's own offense, and of an allowed class.")


def _facts(ctx: Context) -> Verdict:
    least = ctx.parameter("search_reason_min_chars")
    if seen_length(str(ctx.fact("facts", ""))) >= least:
        return ctx.met("The facts are in words.")
    return ctx.unmet(
        "The reason is too short to stand on its own.",
        f"Say what ties this face to the matter and why a search is likely to help, in {least} characters or more.",
    )


def _declared(ctx: Context) -> Verdict:
    if ctx.fact("no_forbidden_ground"):
        return ctx.met("You declared that no forbidden ground plays a part.")
    return ctx.unmet(
        "You have not declared that no forbidden ground plays a part.",
        "Read the list and tick the box: no protected trait, lawful association, First Amendment activity, "
        "immigration matter, prediction or curiosity.",
    )


@rule("FR-03", on=TO_SEARCH)
def probe_is_evidence(ctx: Context) -> Iterator[Verdict]:
    """One still image, evidence of this case, with origin, date and hash; one face of it."""
    probe = ctx.fact("probe")
    case = ctx.fact("case") or ctx.subject.case
    if probe is None or probe.case_id != case.pk or not probe.is_still_image:
        yield ctx.unmet("The probe is not a still image of this case.", "Add it to the case as a photo or a still.")
    else:
        yield ctx.met("The probe is evidence of this case, with origin and hash recorded.")
    if ctx.fact("face") is None:
        yield ctx.unmet("No face is picked.", "Pick one of the faces found.")
    else:
        yield ctx.met(f"Face {ctx.fact('face')['letter']} is picked.")


@rule("FR-24", on=TO_SEARCH)
def what_came_before(ctx: Context) -> Verdict:
    """The searches before for this face of this picture, in whatever case, are told and stay in the decision."""
    probe, face = ctx.fact("probe"), ctx.fact("face")
    found = earlier_searches(probe, face) if probe is not None and face is not None else []
    earlier = [one for one in found if one.pk != ctx.subject.pk]
    words = (
        f"Searched for before: {searches_in_words(earlier, probe.case_id)}." if earlier else "Not searched for before."
    )
    return ctx.by_construction(words, "What came of earlier searches counts; nothing is refused for it here.")


@rule("FR-04", on=TO_SEARCH)
def passes_quality_gate(ctx: Context) -> Verdict:
    """Good enough, or a written justification."""
    quality = ctx.fact("quality") or {}
    if quality.get("passed"):
        return ctx.met("The face passes the quality gate.")
    if not quality:
        return ctx.unmet("The face is not measured yet.", "Pick one of the faces found.")
    weak = "; ".join(
        f"{m['words'].lower()} {m['shown']}, {m['needed']} needed"
        for m in quality["measures"]
        if m["verdict"] == "not_enough"
    )
    return ctx.needs_words(
        f"The face does not pass the quality gate: {weak}.",
        "Use a better picture, or write why this one must be searched. The captain, the court and the auditor read it.",
    )


@rule("AC-09", on=[*ON_A_SEARCH, *TO_SEARCH])
def may_see_the_case(ctx: Context) -> Verdict:
    """The person may see the case (to look) or add to it (to act)."""
    case = ctx.fact("case") or ctx.subject.case
    return access_verdict(ctx, case, "view" if ctx.action in TO_LOOK else "contribute")


@rule("AC-04", on=[*ON_A_SEARCH, *TO_SEARCH])
def sealed_by_name(ctx: Context) -> Verdict:
    """Sealed cases by name only."""
    return sealed_verdict(ctx, ctx.fact("case") or ctx.subject.case)
