"""What the addresses of hotlists, abandoned vehicles and tows lead to: a matter at every step, a list with a plate."""

from datetime import timedelta
from itertools import count

from django.utils import timezone

from parking import models
from parking.citations.upload import Upload
from parking.models import AbandonedVehicle, Alert, HotlistHit, TowOrder
from parking.services import abandoned, alert, hotlist, hotlist_import, tow
from tests.factories import parking as make
from tests.factories.leads import picture
from tests.permissions.world import World

REASON = "Written down for the matrix of permissions."
CONFIRMED = {"plate": "7XYZ555", "plate_state": "US-CA", "vehicle": "white van", "plate_checked": True,
             "state_checked": True, "vehicle_checked": True}  # fmt: skip


class Streets:
    """Hulks, whose second look may follow the warning at once, each left at another step; and a hotlist."""

    def __init__(self, world: World) -> None:
        self.officer, self.manager = world.users["parking_officer"], world.users["parking_manager"]
        self.examiner, self._serial = world.users["hearing_examiner"], count(100)
        reported, marked, ready = self.reported(), self.marked(), self.ready()
        ordered, removed, heard, ended = self.ordered(), self.removed(), self.heard(), self.ended()
        photo = marked.photos.get()
        world.names |= {
            "reported": reported.number, "chalked": marked.number, "to_tow": ready.number, "matter_photo": photo.pk,
            "ordered": ordered.vehicle.number, "removed": removed.vehicle.number, "heard": heard.vehicle.number,
            "tow_notice": removed.notices.get().pk, "matter_id": ended.vehicle.pk, "mark_id": ended.vehicle.mark.pk,
            "look_id": ended.vehicle.looks.get().pk, "tow_id": ended.pk, "removal_id": ended.removal.pk,
            "tow_hearing": ended.hearing.pk, "tow_result": ended.hearing.result.pk, "tow_end": ended.end.pk,
            "long_stay": self.long_stay(world.names["device"]).pk, **self.hotlist(),
        }  # fmt: skip
        world.names["tow_minute"] = f"{timezone.localtime():%Y-%m-%dT%H:%M:%S}"  # after all of it, and not ahead

    def reported(self) -> AbandonedVehicle:
        """An officer saw it."""
        return abandoned.report(actor=self.officer, kind="hazard_hulk", source="officer", vehicle="red sedan",
                                plate=f"7XYZ{next(self._serial)}", place="Alder Street 1100 block")  # fmt: skip

    def marked(self) -> AbandonedVehicle:
        """With a warning on it."""
        matter = self.reported()
        abandoned.mark(matter=matter, actor=self.officer, kind="hazard_hulk", grounds=["engine"], grounds_words="",
                       marks="Valve at 2.", notice_text="Move it.", notice_where="Windshield", photos=[self.photo()])  # fmt: skip
        return matter

    def ready(self) -> AbandonedVehicle:
        """Still there."""
        matter = self.marked()
        abandoned.look_again(matter=matter, actor=self.officer, there=True, words="As marked.", photos=[self.photo()])
        return matter

    def ordered(self) -> TowOrder:
        """To be towed."""
        return tow.order_tow(matter=self.ready(), actor=self.manager, orderer_class="employee", purpose="A hazard.",
                             tow_company="Demo Towing", storage="Demo Towing Yard")  # fmt: skip

    def removed(self) -> TowOrder:
        """In the yard, one owner told."""
        order = self.ordered()
        at = order.at.replace(second=0)
        tow.record_removal(order=order, actor=self.officer, at=at, condition="Burned.", inventory="nothing")
        tow.send_notice(order=order, actor=self.officer, sent_to="registered", name="Rosa Quill", address="12 Elm Street",
                        dated=timezone.localdate(), sent_at=at)  # fmt: skip
        return order

    def heard(self) -> TowOrder:
        """Its owner asks for a hearing."""
        order = self.removed()
        minute = order.at.replace(second=0, microsecond=0)
        tow.ask_hearing(order=order, actor=self.officer, asked_at=minute, channel="phone", name="Rosa Quill",
                        contact="510-555-0199")  # fmt: skip
        return order

    def ended(self) -> TowOrder:
        """Found invalid and given back."""
        order = self.heard()
        tow.hold_hearing(hearing=order.hearing, actor=self.examiner, outcome="invalid", reason=REASON,
                         held_at=timezone.now())  # fmt: skip
        tow.end_tow(order=order, actor=self.officer, how="released", to="Rosa Quill", agency_pays=True, reason=REASON)
        return order

    def photo(self) -> Upload:
        """A small picture."""
        return Upload("photo.png", picture())

    def long_stay(self, device: object) -> Alert:
        """A plate seen for days, as a person has confirmed."""
        now, reader = timezone.now(), models.Device.objects.get(pk=device)
        for at in (now - timedelta(hours=80), now):
            make.receive(reader, make.seen(at, plate="7XYZ555"), at=at)
        first, last = models.Read.objects.filter(plate="7XYZ555").order_by("captured_at")
        found = Alert.objects.create(kind="long_stay", key="long_stay:matrix", plate="7XYZ555", plate_state="US-CA",
                                     device=reader, first_read=first, last_read=last, first_at=first.captured_at,
                                     last_at=last.captured_at, place="Alder Street")  # fmt: skip
        alert.confirm(alert=found, actor=self.officer, **CONFIRMED)
        return found

    def hotlist(self) -> dict[str, int]:
        """A list with a plate, a file without, and a hit that came to nothing."""
        made = hotlist.enter_hotlist(actor=self.manager, kind="stolen_vehicle", source="County", reason="Daily extract",
                                     expires_on=timezone.localdate())  # fmt: skip
        entry = hotlist.add_entry(hotlist=made, actor=self.manager, plate="9ZZZ111", plate_state="US-CA")
        hotlist_import.import_entries(hotlist=made, content=b"plate\n", file_name="none.csv", actor=self.manager)
        hit = HotlistHit.objects.create(entry=entry, plate="9ZZZ111", day=timezone.localdate(), exact=True)
        HotlistHit.objects.filter(pk=hit.pk).update(state="denied")
        source_file = models.HotlistImport.objects.get(hotlist=made)
        return {"hotlist": made.pk, "hotlist_entry": entry.pk, "hotlist_file": source_file.pk, "hotlist_hit": hit.pk}
