"""Replaying a search: the same template against the gallery as it was; a difference is reported."""

import numpy as np

from ecpd.accounts.models import User
from ecpd.audit.services import record
from ecpd.policy import engine as policy
from ecpd.problem import StaleState
from leads.models import SearchReplay, SearchRequest
from leads.search import scan

Hits = list[tuple[int, float]]


def replay_search(*, search: SearchRequest, actor: User) -> SearchReplay:
    """Compare once more, leaving photos aside that opted out or whose source was withdrawn since, and keep the answer.

    A face that is not found any more although nobody took it out is a difference. Raises StaleState, also when every
    photo of the list was taken out: what is compared with nothing is not the same.
    """
    with policy.door(actor, "search.replay", search) as decision:
        if search.state != SearchRequest.State.DONE:
            raise StaleState(f"{search} has no result to replay.")
        template = np.asarray(search.probe_embedding, dtype=np.float32)
        listed = search.candidates.values_list(
            "face_id", "cosine", "face__photo__active", "face__photo__source__withdrawn_at"
        )
        before = [(face, cosine) for face, cosine, active, gone in listed if active and gone is None]
        if listed and not before:
            raise StaleState(f"Nothing of {search} is left to compare: every photo it listed was taken out since.")
        found = scan.exact(template, model_id=search.model_id, limit=len(listed), watermark=search.gallery_watermark)
        differs = _differences(before, found.hits[: len(before)])
        kept = SearchReplay.objects.create(
            search=search, by=actor, same=not differs, differs="\n".join(differs), decision=decision
        )
        record(
            actor=actor, action="search.replayed", subject=search, case_number=search.case.case_number, same=kept.same
        )
    return kept


def _differences(before: Hits, now: Hits) -> list[str]:
    """A sentence for each rank at which another face stands, or none, or the same with another cosine."""
    told = [_difference(rank, *pair) for rank, pair in enumerate(zip(before, now, strict=False), start=1)] + [
        f"Rank {rank}: face {before[rank - 1][0]} is not found any more."
        for rank in range(len(now) + 1, len(before) + 1)
    ]
    return [sentence for sentence in told if sentence]


def _difference(rank: int, then: tuple[int, float], now: tuple[int, float]) -> str:
    if then[0] != now[0]:
        return f"Rank {rank}: face {now[0]} instead of face {then[0]}."
    if abs(then[1] - now[1]) >= 1e-3:
        return f"Rank {rank}: face {then[0]} at {now[1]:.4f} instead of {then[1]:.4f}."
    return ""
