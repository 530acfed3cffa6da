"""`manage.py bench`: the performance tables. Only in an empty database; `make bench` makes one and throws it away."""

import logging
import subprocess
import sys
import tempfile
import warnings
from importlib import resources

import numpy as np
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from tqdm import tqdm

from cases import bench as cases
from ecpd.web import bench as pages
from leads.bench import clicking, filling, scanning
from leads.demo import cases as demo_cases
from leads.demo import gallery, people
from leads.services.engine import engine

GOAL = 1.5  # seconds from click to candidates


class Command(BaseCommand):
    """Fills a scratch gallery, then times the scan, NumPy, and the whole way from click to candidates."""

    help = "Measure searches over a synthetic gallery. Run it through `make bench`."
    requires_migrations_checks = False

    def add_arguments(self, parser) -> None:
        """How much, how often."""
        parser.add_argument("--faces", type=int, default=100_000)
        parser.add_argument("--repeats", type=int, default=40)
        parser.add_argument("--clicks", type=int, default=10)

    def handle(self, *args, **options) -> None:
        """Fill, measure, print."""
        logging.disable(logging.WARNING)  # the tables are the output
        warnings.simplefilter("ignore")
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=settings.BASE_DIR, check=True)
        from leads.models import GalleryPhoto

        if GalleryPhoto.objects.exists():
            raise CommandError("There is a gallery in this database. `make bench` measures in a scratch one.")
        with tempfile.TemporaryDirectory(prefix="ecpd-bench-") as media:
            settings.MEDIA_ROOT = media
            with tqdm(total=options["faces"], desc="Filling the gallery", unit="face") as progress:
                vectors = filling.fill(options["faces"], progress.update)
            self._scan(vectors, options["repeats"])
            self._click(options["clicks"])
            cases.bench(self.stdout)
            self._say("")
            self._pages()

    def _scan(self, vectors: np.ndarray, repeats: int) -> None:
        model_id = engine().model_id
        with connection.cursor() as cursor:
            cursor.execute("SELECT min(face_id) FROM leads_facevector")
            first = cursor.fetchone()[0]
        templates = scanning.probes(vectors, repeats)
        self._say(f"Exact scan of {len(vectors):,} templates, the {scanning.LISTED} most similar listed")
        self._say("\n".join(f"    {line}" for line in scanning.plan(templates[0], model_id)))
        in_sql = scanning.measure(
            "PostgreSQL, halfvec(512)", lambda n: scanning.in_sql(templates[n], model_id), repeats
        )
        in_numpy = scanning.measure("NumPy, float32", lambda n: scanning.in_numpy(templates[n], vectors), repeats)
        same = sum(
            scanning.in_sql(template, model_id)[0] - first == scanning.in_numpy(template, vectors)[0]
            for template in templates
        )
        self._say(f"{in_sql}\n{in_numpy}\nSame first candidate in {same} of {repeats} searches\n")

    def _click(self, clicks: int) -> None:
        picture = (resources.files("insightface") / "data" / "images" / "Tom_Hanks_54745.png").read_bytes()
        user, probe = filling.case_with_probe(picture)
        with clicking.worker():
            laps = [clicking.click(user, probe) for _ in range(clicks + 1)]
        first, *seconds = [took for took, _ in laps]
        self._say("From click to candidates on the page, worker idle before each")
        self._say(
            f"p50 {np.percentile(seconds, 50):.2f} s   most {max(seconds):.2f} s   (goal: under {GOAL} s; "
            f"{first:.2f} s the first time after the worker's start)"
        )
        stages = ", ".join(f"{name} {value:.0f}" for name, value in laps[-1][1].items())
        self._say(f"of it in the worker, last search, ms: {stages}\n")

    def _pages(self) -> None:
        accounts = people.load()
        gallery.load(accounts["marsh"])
        demo_cases.load(accounts)
        pages.fill_log()
        pages.bench(accounts.values(), self.stdout)

    def _say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
