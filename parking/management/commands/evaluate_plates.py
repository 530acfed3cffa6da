"""`manage.py evaluate_plates DIR`: how well the second opinion reads plates, on photos with known texts or drawn ones."""

from itertools import chain
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from parking.plates.evaluation import Result, drawn, evaluate, figures, photos_in
from parking.plates.reading import PlateReader
from parking.plates.synthetic import draw_plate


class Command(BaseCommand):
    """Reads every picture, prints shares, times and misses. Touches no database."""

    help = "Measure plate reading on a folder of photos with known texts, or on drawn plates."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser) -> None:
        """What to read and how."""
        parser.add_argument("folder", nargs="?", type=Path, help="one .txt a photo: file, x, y, width, height, text")
        parser.add_argument("--synthetic", type=int, default=0, metavar="N", help="draw N plates and read those too")
        parser.add_argument("--seed", type=int, default=1, help="of the drawn plates")
        parser.add_argument("--state", default="", help='ranks readings, "US-CA" like')
        parser.add_argument("--threads", type=int, default=1, help="processor threads for one picture")

    def handle(self, *args, **options) -> None:
        """Measure and print, each group by itself: photos and drawings are never counted together."""
        folder, count = options["folder"], options["synthetic"]
        if folder is None and not count:
            raise CommandError("Name a folder of photos, or draw plates with --synthetic N.")
        if folder is not None and not folder.is_dir():
            raise CommandError(f"There is no folder {folder}.")
        reader = PlateReader(threads=options["threads"])
        reader.read(draw_plate("1ABC234"))  # loads the networks, so that no photo pays for it
        samples = chain(photos_in(folder) if folder else (), drawn(count, seed=options["seed"]))
        groups: dict[str, list[Result]] = {}
        for result in evaluate(reader, samples, state_hint=options["state"]):
            groups.setdefault(result.group, []).append(result)
        if not groups:
            raise CommandError(f"{folder} holds no .txt file of the format.")
        for name, results in groups.items():
            self._print(name, results)

    def _print(self, name: str, results: list[Result]) -> None:
        sums = figures(results)
        self.stdout.write(
            f"{name}: {sums.count} pictures, exact {sums.exact:.3f}, within one edit {sums.near:.3f}; an image takes "
            f"{sums.median_ms:.0f} ms (median), {sums.slow_ms:.0f} ms (95th), processor {sums.processor_ms:.0f} ms"
        )
        for miss in results:
            if not miss.exact:
                read = f"{miss.read} ({miss.confidence:.2f})" if miss.read else "nothing"
                self.stdout.write(f"  {miss.truth:<9} read as {read:<18} {miss.name}")
