"""`manage.py evaluate DIR`: how well the model tells the people of a folder apart."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from leads.recognition.errors import RecognitionError
from leads.recognition.evaluation import Evaluation, evaluate
from leads.recognition.people import read_people


class Command(BaseCommand):
    """A folder per person, two photos in each: the first is gallery, the second probe."""

    help = "Measure identification and verification on a folder of people (one sub-folder each, two photos)."

    def add_arguments(self, parser) -> None:
        """The folder."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args, folder: Path, **options) -> None:
        """Read, measure, print."""
        try:
            found = evaluate(read_people(folder, settings.MODEL_DIR))
        except (RecognitionError, OSError) as error:
            raise CommandError(str(error)) from error
        self._print(found)

    def _print(self, found: Evaluation) -> None:
        line = self.stdout.write
        line(f"people          {found.people}   (one photo each as gallery, one as probe)")
        line(f"unreadable      {len(found.unreadable)}")
        for name in found.unreadable:
            line(f"                {name}")
        for k, rate in found.rank.items():
            line(f"rank-{k:<2}         {rate:.4f}")
        for far, (tar, threshold) in found.tar_at_far.items():
            line(f"TAR at FAR {far:.0e}  {tar:.4f}   (cosine {threshold:.3f})")
        for fpir, fnir in found.fnir_at_fpir.items():
            line(f"FNIR at FPIR {fpir:.0%}  {fnir:.4f}")
        for size, predicted, observed in found.false_alarms:
            line(f"score 95 or more, people not among {size}: predicted {predicted:.1%}, observed {observed:.1%}")
        line(f"misses          {len(found.misses)}")
        for probe, best, cosine, rank in found.misses:
            line(f"                {probe}: best was {best} ({cosine:.3f}), the right one at rank {rank}")
