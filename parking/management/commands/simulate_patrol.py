"""`manage.py simulate_patrol`: invented patrol cars send their reads to a running server."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError

from parking.curbs.types import CurbSet
from parking.selectors.curb_rows import curbs_in_force
from parking.simulate.camera import Camera
from parking.simulate.days import working_day_until
from parking.simulate.deliveries import Delivery, to_json
from parking.simulate.grid import grid
from parking.simulate.sender import Parcel, Sender
from parking.simulate.simulation import Simulation

HOURS = 10.0


class Command(BaseCommand):
    """A past shift, sent faster than it happened; every batch is sent again until the server has answered for it."""

    help = "Send a simulated patrol's reads to a running server. Plates, cars and pictures are invented."
    requires_migrations_checks = False

    def add_arguments(self, parser) -> None:
        """Where to, how much, how fast."""
        parser.add_argument("--url", default="http://127.0.0.1:8000", help="The server, such as http://127.0.0.1:8000")
        parser.add_argument("--token", action="append", required=True, help="A reader's token; once per patrol car.")
        parser.add_argument("--rate", type=float, default=20.0, help="Reads a second, of all cars together.")
        parser.add_argument("--seconds", type=float, default=60.0, help="How long to send.")
        parser.add_argument("--speedup", type=float, help="Seconds of patrol in one second of sending; else 10 hours.")
        parser.add_argument("--start", default="", help='When the shift began, ISO with offset, or "now": it ends now.')
        parser.add_argument("--seed", type=int, default=0, help="The same seed and start send the same reads again.")
        parser.add_argument("--batch", type=int, default=50, help="Most reads in one batch (500).")
        parser.add_argument("--threads", type=int, default=4, help="Connections.")
        parser.add_argument("--grid", type=int, default=0, help="Patrol an invented grid of so many zones instead.")
        parser.add_argument("--images", action="store_true", help="Draw two pictures for every read and send them.")
        parser.add_argument("--no-images", action="store_false", dest="images")

    def handle(self, *args, **options) -> None:
        """Simulate, send, count."""
        simulation = self._simulation(options)
        sender = Sender(options["url"], threads=options["threads"])
        try:
            self._send(simulation, sender, options)
            sender.finish(lambda: self._progress(sender))
        except KeyboardInterrupt:
            sender.stop.set()
        self._say(f"{sender.tally.line()}.")
        for words, times in sender.tally.reasons.most_common(10):
            self._say(f"  {times:,} × {words}")
        if sender.shut:
            raise CommandError(sender.shut)

    def _simulation(self, options: dict) -> Simulation:
        if min(options["rate"], options["seconds"], options["batch"], options["threads"]) <= 0:
            raise CommandError("--rate, --seconds, --batch and --threads must be above 0.")
        hours = options["seconds"] * options["speedup"] / 3600 if options["speedup"] else HOURS
        curbs = grid(options["grid"]) if options["grid"] else curbs_in_force()
        if not curbs.zones:
            raise CommandError("There are no zones. Import some, or patrol an invented grid: --grid 60.")
        start = _start(options["start"], hours, curbs)
        prefix = f"sim{options['seed']}-{start:%y%m%d%H%M}-"
        return Simulation(
            curbs,
            seed=options["seed"],
            reads=max(round(options["rate"] * options["seconds"]), 1),
            cars=len(options["token"]),
            start=start,
            hours=hours,
            prefix=prefix,
        )

    def _send(self, simulation: Simulation, sender: Sender, options: dict) -> None:
        """Hand over every batch when the rate says so; the order is that in which the cars sent them."""
        self._say(
            f"{len(simulation.seen):,} reads of {len(simulation.faces)} block faces, "
            f"{simulation.start:%Y-%m-%d %H:%M} UTC and {simulation.seconds / 3600:.1f} hours on; "
            f"{len(simulation.truth.knowable)} overstays that two reads can prove."
        )
        camera = Camera(simulation.truth) if options["images"] else None
        begun = shown = monotonic()
        for due, delivery in _paced(simulation.deliveries(options["batch"]), options["rate"]):
            while not sender.stop.is_set() and (left := begun + due - monotonic()) > 0:
                sender.stop.wait(min(left, 1.0))
                shown = self._progress(sender, shown)
            if sender.stop.is_set():
                return
            sender.put(_parcel(delivery, options["token"], camera))

    def _progress(self, sender: Sender, shown: float = 0.0) -> float:
        """A line, at most once a second; returns when the last one was shown."""
        if monotonic() - shown < 1.0:
            return shown
        self._say(f"{sender.tally.line()}, {sender.waiting} waiting")
        return monotonic()

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()


def _paced(sent: Sequence[Delivery], rate: float) -> Iterator[tuple[float, Delivery]]:
    """Each delivery with the seconds after which it is due, so that reads go out at the rate."""
    reads = 0
    for delivery in sent:
        yield reads / rate, delivery
        reads += len(delivery.reads)


def _parcel(delivery: Delivery, tokens: Sequence[str], camera: Camera | None) -> Parcel:
    if camera is not None:
        reads = tuple(camera.with_pictures(read) for read in delivery.reads)
        delivery = Delivery(delivery.patrol, delivery.sent_at, reads)
    pictures = {image.sha256: image.content or b"" for read in delivery.reads for image in read.images}
    return Parcel(tokens[delivery.patrol], to_json(delivery), pictures)


def _start(written: str, hours: float, curbs: CurbSet) -> datetime:
    """When the shift begins: as written, or 8:00 of the latest working day on which such a shift is over by now."""
    now = datetime.now(ZoneInfo(curbs.time_zone))
    if written == "now":
        return now - timedelta(hours=hours)
    if written:
        try:
            start = datetime.fromisoformat(written)
        except ValueError:
            raise CommandError("--start must be a time such as 2026-11-24T08:00:00-08:00.") from None
        if start.tzinfo is None:
            raise CommandError("--start needs its offset, as in 2026-11-24T08:00:00-08:00.")
        if start + timedelta(hours=hours) > now:
            raise CommandError("The shift must be over: a server refuses reads of the future.")
        return start
    day = now.replace(hour=8, minute=0, second=0, microsecond=0)
    while day + timedelta(hours=hours) > now:
        day -= timedelta(days=1)
    return working_day_until(day)
