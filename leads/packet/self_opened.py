"""The part of a packet on cases that who searched in them had opened himself (FR-02, FR-14)."""

from cases.models import Case
from leads.models import CaseAcceptance, Veil
from leads.packet.section import Section, at
from leads.selectors.history import or_sealed


def opened_by_who_searched(case: Case, matter: list[Case]) -> list[Section]:
    """Who accepted or refused such cases of the matter, and which results are veiled; no part where there is none."""
    keys = [one.pk for one in matter]
    answers = CaseAcceptance.objects.filter(case__in=keys).select_related("case__captain", "case__opened_by", "captain")
    veils = Veil.objects.filter(search__case__in=keys).select_related("search__case__captain", "search__requested_by")
    rows = [_answer(one, case) for one in answers] + [_veil(one, case) for one in veils.order_by("pk")]
    if not rows:
        return []
    return [
        Section(
            "Cases that who searched in them had opened himself",
            [
                "Such a case is accepted by a captain who had no part in it, within the hours the manual sets. Until then its "
                "result makes no lead; after that it is veiled: the auditor reads it, and it is disclosed here."
            ],
            ["What", "By", "When", "Why"],
            rows,
        )
    ]


def _answer(one: CaseAcceptance, here: Case) -> list[str]:
    what = f"Case {one.case.case_number}, opened by {one.case.opened_by.display_name}: "
    return [
        or_sealed(one.case, here.pk, what + ("accepted" if one.accepted else "refused")),
        one.captain.display_name, at(one.at), or_sealed(one.case, here.pk, one.reason),
    ]  # fmt: skip


def _veil(one: Veil, here: Case) -> list[str]:
    search = one.search
    return [
        or_sealed(search.case, here.pk, f"Result of {search.number}, by {search.requested_by.display_name}: veiled"),
        "The software", at(one.at), or_sealed(search.case, here.pk, one.get_ground_display()),
    ]  # fmt: skip
