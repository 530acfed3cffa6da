"""What pages of cases show to somebody who decides there, in parts (`ecpd.policy.shown`)."""

from cases.models import Case, CaseLink, Evidence, IncidentNumber, PersonMerge
from cases.selectors import sets_apart
from ecpd.policy.shown import row, row_again


def of_exhibit(exhibit: Evidence) -> dict:
    """An exhibit with its file, its custody and whether it is withdrawn."""
    return {
        "the exhibit": [exhibit.pk, exhibit.kind, exhibit.title, exhibit.description, exhibit.file_id,
                        exhibit.withdrawn_at, exhibit.withdrawn_reason],
        "its chain of custody": list(exhibit.custody.order_by("id").values_list("id", "to_party")),
    }  # fmt: skip


def of_case(case: Case) -> dict:
    """A case for who closes or seals it: what it is, who works on it, its exhibits."""
    return {
        "the case": [case.pk, case.title, case.status, case.sealed, case.sealed_reason, case.captain_id],
        "who works on it": list(
            case.assignments.filter(ended_at=None).order_by("pk").values_list("user_id", flat=True)
        ),
        "its exhibits": list(case.evidence.order_by("pk").values_list("pk", "withdrawn_at")),
    }


def of_tie(tie: IncidentNumber | CaseLink) -> dict:
    """A number or a link that somebody takes back, and whether that sets the cases apart; read anew."""
    return {"what is taken back": row_again(tie), "whether the cases are set apart": [sets_apart(tie)]}


def of_facts(case: Case) -> dict:
    """The facts of a case, for who changes them."""
    return {"the facts": [case.title, case.summary, case.offense_id, case.occurred_at, case.occurred_until,
                          case.location, case.captain_id]}  # fmt: skip


def of_merge(merge: PersonMerge) -> dict:
    """A proposal that two entries are one person, and both entries; read anew."""
    return {"the proposal": row_again(merge), "the entries": [row_again(merge.keep), row_again(merge.duplicate)]}


def of_merge_listed(merge: PersonMerge) -> dict:
    """The same, as a list has read them."""
    return {"the proposal": row(merge), "the entries": [row(merge.keep), row(merge.duplicate)]}
