"""Findings go through the policy door and become alerts; or stay denied, with the reason on the record."""

from collections.abc import Iterable

from django.utils import timezone

from ecpd.policy import engine as policy
from ecpd.policy.errors import PolicyDenied
from ecpd.queue import enqueue
from parking.models import Alert, Finding, PlateImage, Read, Zone
from parking.overtime.permits import Exemption, held_by
from parking.selectors.rights import rights_for
from parking.services import second_opinion
from parking.services.keeping import keep_for

AT_ONCE = 200


def raise_findings() -> int:
    """Raise every finding that waits; returns how many became alerts. Safe to run twice, at the same time too."""
    return sum(_raise(pk) for pk in _waiting())


def wake_raiser() -> None:
    """Have a worker raise what waits, if anything does."""
    if _waiting():
        enqueue("parking.tasks.raise_findings")


def _waiting() -> list[int]:
    found = Finding.objects.filter(state=Finding.State.FOUND).order_by("pk")
    return list(found.values_list("pk", flat=True)[:AT_ONCE])


def _raise(pk: int) -> bool:
    finding = Finding.objects.get(pk=pk)
    if finding.state != Finding.State.FOUND:
        return False
    alert, reads = _alert_of(finding)
    if alert is None:
        return _settle(finding, Finding.State.DENIED)
    content = finding.content
    facts = {"elapsed_minutes": content["elapsed_minutes"], "breach": content["breach"],
             "allowed_by": _allowed_by(alert, reads)}  # fmt: skip
    try:
        with policy.door(alert.device.registered_by, "alert.raise", alert, **facts) as decision:
            if Finding.objects.select_for_update().get(pk=pk).state != Finding.State.FOUND:
                return False
            alert.decision = decision
            alert.save(force_insert=True)
            Finding.objects.filter(pk=pk).update(state=Finding.State.RAISED)
            keep_for(alert, _still_there(int(key) for key in finding.content["passes"]))
            second_opinion.ask(PlateImage.objects.filter(read__in=reads))
    except PolicyDenied:
        return _settle(finding, Finding.State.DENIED)
    return True


def _still_there(keys: Iterable[int]) -> list[int]:
    """Those reads whose time was not over meanwhile, and none of them ends now."""
    found = Read.objects.select_for_update(no_key=True).filter(pk__in=list(keys)).order_by("pk")
    return list(found.values_list("pk", flat=True))


def _settle(finding: Finding, state: str) -> bool:
    Finding.objects.filter(pk=finding.pk, state=Finding.State.FOUND).update(state=state)
    return False


def _alert_of(finding: Finding) -> tuple[Alert | None, dict[int, Read]]:
    """The alert a finding asks for; None when its reads are gone (deleted when their time was over)."""
    content = finding.content
    first, last = int(content["first"]), int(content["last"])
    reads = Read.objects.select_related("device__registered_by").in_bulk([first, last])
    if first not in reads or last not in reads:
        return None, reads
    zone = Zone.objects.get(pk=content["zone"])
    alert = Alert(
        kind=content["kind"],
        key=finding.key,
        plate=content["plate"],
        plate_state=content["plate_state"],
        vehicle=content["vehicle"],
        zone=zone,
        place=str(zone),
        device=reads[last].device,
        first_read=reads[first],
        last_read=reads[last],
        first_at=reads[first].captured_at,
        last_at=reads[last].captured_at,
        minutes_over=content["minutes_over"],
        limit_minutes=content["limit_minutes"],
        exact=content["exact"],
        facts=content["facts"],
        detail={"breach": content["breach"], "passes": content["passes"], "found_at": finding.found_at.isoformat(),
                "received_at": finding.read_received_at.isoformat()},
    )  # fmt: skip
    return alert, reads


def _allowed_by(alert: Alert, reads: dict[int, Read]) -> str:
    """A permit or exemption in force now, found once more at the moment of raising (PK-03)."""
    plates = {alert.plate, *(read.plate for read in reads.values())}
    now = timezone.now()
    held = held_by(plates, rights_for(plates, alert.last_at, now))
    for each in held:
        lifts = each.permit.limit_minutes is None and (
            alert.kind == Alert.Kind.OVERTIME or isinstance(each.permit, Exemption)
        )
        if lifts and each.permit.is_valid(str(alert.zone_id), alert.last_at):
            looks = "" if each.exact else f", whose plate {each.plate} looks like this one"
            return f"{each.permit.name}{looks}, covers it."
    return ""
