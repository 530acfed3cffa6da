"""Replaying a search: the same template against the gallery as it was; a difference is reported."""

import numpy as np
from django.utils import timezone

from ecpd.accounts.models import User
from ecpd.audit.services import record
from ecpd.policy import engine as policy
from ecpd.problem import StaleState
from leads.models import SearchRequest
from leads.search import scan


def replay_search(*, search: SearchRequest, actor: User) -> bool:
    """Whether the list comes out the same today, leaving photos aside that opted out or whose source was withdrawn since.

    A face that is not found any more although nobody took it out is a difference. Raises StaleState.
    """
    with policy.door(actor, "search.replay", search):
        if search.state != SearchRequest.State.DONE:
            raise StaleState(f"{search} has no result to replay.")
        template = np.asarray(search.probe_embedding, dtype=np.float32)
        listed = search.candidates.values_list(
            "face_id", "cosine", "face__photo__active", "face__photo__source__withdrawn_at"
        )
        found = scan.exact(template, model_id=search.model_id, limit=len(listed), watermark=search.gallery_watermark)
        before = [(face, cosine) for face, cosine, active, gone in listed if active and gone is None]
        same = _same(before, found.hits[: len(before)])
        SearchRequest.objects.filter(pk=search.pk).update(replayed_at=timezone.now(), replay_same=same)
        record(actor=actor, action="search.replayed", subject=search, case_number=search.case.case_number, same=same)
    return same


def _same(before: list[tuple[int, float]], now: list[tuple[int, float]]) -> bool:
    return len(before) == len(now) and all(
        face == again and abs(cosine - repeated) < 1e-3
        for (face, cosine), (again, repeated) in zip(before, now, strict=True)
    )
