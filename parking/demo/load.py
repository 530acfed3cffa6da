"""The demo's parking: El Cerrito's zones and permits, a published policy, a reader, one simulated shift with its alerts.

Everything goes through the same services and doors as in a city; cars, plates and people are invented, the pictures
are drawings.
"""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from shapely.geometry import mapping

from ecpd.accounts.models import User
from ecpd.policy.models import Amendment
from ecpd.policy.services import propose_amendment
from parking import store
from parking.demo import permits, usage_policy
from parking.demo.el_cerrito import STREETS, el_cerrito
from parking.ingest.batch import read_batch
from parking.models import Alert, Device, PartnerAgency, PlateImage, PlatePolicy, Read, Zone
from parking.selectors.share import listed_agencies
from parking.services import device as devices
from parking.services import ingest, plate_policy, second_opinion
from parking.services import zone as zones
from parking.services.looking import look_at_all
from parking.services.share import enter_agency
from parking.services.violation_seed import seed_violations
from parking.simulate.camera import Camera
from parking.simulate.days import working_day_until
from parking.simulate.deliveries import to_json
from parking.simulate.simulation import Simulation

READER = "Car 12 reader"
READS = 900
OPENS_UTC = 16
REGISTERED = {"richmond-police": "Records unit, Det. Lowe (invented)", "alder-bay-police": "Lt. Farrow (invented)"}
ORDINANCE = "Municipal Code 99.10.020 (invented): vehicles left standing for 72 hours"


def load(people: dict[str, User]) -> None:
    """Load what is missing (idempotent)."""
    manager, chief = people["solano"], people["lindgren"]
    _publish(manager, chief)
    _lay_out(manager)
    permits.offer(manager)
    seed_violations(actor=manager)
    _propose_ordinance(people["marsh"])
    _register_agencies(people["marsh"])
    if not Device.objects.filter(name=READER).exists():
        _patrol(_register(manager))


def _publish(manager: User, chief: User) -> None:
    if PlatePolicy.objects.exists():
        return
    draft = plate_policy.draft_policy(
        actor=manager, **usage_policy.PARTS, public_comment_on=date(2026, 9, 15),
        public_comment_at="Regular meeting of the council (invented)",
    )  # fmt: skip
    plate_policy.publish_policy(draft=draft, actor=chief)


def _register_agencies(captain: User) -> None:
    """Two of the owner's list, where there is one: the others wait to be entered (PK-08)."""
    missing = listed_agencies().filter(key__in=REGISTERED).exclude(key__in=PartnerAgency.objects.values("listed"))
    for agency in missing:
        enter_agency(actor=captain, listed=agency, contact=REGISTERED[agency.key])


def _propose_ordinance(captain: User) -> None:
    """Stored vehicles are towed by a city's ordinance (PK-04): the captain names one, and the chief has to approve."""
    if Amendment.objects.filter(changes__has_key="stored_ordinance").exists():
        return
    propose_amendment(
        actor=captain, changes={"stored_ordinance": ORDINANCE}, effective_on=timezone.localdate(),
        reason="Without an ordinance no stored vehicle can be marked. The section is invented for the demo.",
    )  # fmt: skip


def _lay_out(manager: User) -> None:
    if Zone.objects.exists():
        return
    zones.import_curbs(
        actor=manager, curbs=el_cerrito(), file_name="El Cerrito demo", format="demo", sha256="0" * 64, enforced=True
    )
    zones.label_streets(actor=manager, streets=[(street.name, mapping(street.line)) for street in STREETS])


def _register(manager: User) -> Device:
    """The reader of Car 12. Its token is kept beside the data, for `manage.py simulate_patrol`."""
    device, token = devices.register(actor=manager, name=READER, format=Device.Format.CANONICAL, car="Car 12")
    path = token_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(token)
    return device


def token_file() -> Path:
    """Where the demo reader's token stands."""
    return Path(settings.DATA_DIR) / "demo_reader_token"


def _patrol(device: Device) -> None:
    """The shift of yesterday, or of the newest day before on which the zones are enforced: the console has alerts to answer."""
    simulation = Simulation(el_cerrito(), seed=12, reads=READS, start=_shift(), hours=9, offline=timedelta())
    for delivery in simulation.deliveries():
        sent = delivery.sent_at
        ingest.take(device=device, parsed=read_batch(to_json(delivery), received_at=sent + timedelta(seconds=1)))
    look_at_all()
    _take_pictures(simulation)


def _take_pictures(simulation: Simulation) -> None:
    """Drawings for the reads that alerts rest on; a real reader sends its own."""
    camera = Camera(simulation.truth)
    reads = {read.device_seq: read for read in _on_alerts()}
    seen = {one.read.device_seq: one.read for one in simulation.seen}
    for seq, row in reads.items():
        for image in camera.with_pictures(seen[seq]).images:
            store.store(image.content)
            PlateImage.objects.create(
                read=row, kind=image.kind, sha256=image.sha256, size=len(image.content), media_type="image/jpeg",
                state=PlateImage.State.STORED,
            )  # fmt: skip
    second_opinion.ask(PlateImage.objects.filter(read__in=reads.values()))


def _on_alerts() -> list[Read]:
    pairs = Alert.objects.values_list("first_read", "last_read")
    return list(Read.objects.filter(pk__in={pk for pair in pairs for pk in pair}))


def _shift() -> datetime:
    day = working_day_until(timezone.now().astimezone(UTC) - timedelta(days=1))
    return day.replace(hour=OPENS_UTC, minute=0, second=0, microsecond=0)
