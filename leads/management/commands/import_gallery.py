"""`manage.py import_gallery SOURCE PATH`: photos from a folder, a CSV or a zip archive into the gallery."""

import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from ecpd.accounts.models import User
from ecpd.policy.errors import PolicyDenied
from leads.gallery.reading import items_of
from leads.models import GallerySource
from leads.services import gallery


class Command(BaseCommand):
    """Streams, uses every core, goes on where it was left, and says why each rejected file was rejected."""

    help = "Import photos of a public-realm source: a folder (sub-folders are names), a CSV, or a zip archive."

    def add_arguments(self, parser) -> None:
        """Source, path, who imports."""
        parser.add_argument("source", help="The source's name, as entered on the gallery page.")
        parser.add_argument("path", type=Path)
        parser.add_argument("--by", required=True, help="User name of the captain or chief who imports.")
        parser.add_argument("--dry-run", action="store_true", help="Read everything, write nothing.")
        parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)

    def handle(self, *args, **options) -> None:
        """Import or rehearse."""
        try:
            source = GallerySource.objects.get(name=options["source"])
            actor = User.objects.get(username=options["by"])
            if options["dry_run"]:
                self._rehearse(source, options)
            else:
                self._import(source, actor, options)
        except (GallerySource.DoesNotExist, User.DoesNotExist):
            raise CommandError("There is no such source or user.") from None
        except (OSError, ValueError, PolicyDenied) as error:
            raise CommandError(str(error)) from error

    def _rehearse(self, source, options) -> None:
        items = list(items_of(options["path"]))
        outcomes: dict[str, int] = {}
        progress = tqdm(gallery.dry_run(items, source, workers=options["workers"]), total=len(items), unit="photo")
        for reading, outcome in progress:
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
            if outcome not in ("import", "duplicate"):
                progress.write(f"{reading.item.name}: {outcome}")
        self.stdout.write("Nothing was written. " + ", ".join(f"{n} {what}" for what, n in sorted(outcomes.items())))

    def _import(self, source, actor, options) -> None:
        batch, items = gallery.import_folder(source=source, actor=actor, path=options["path"],
                                             workers=options["workers"])  # fmt: skip
        progress = tqdm(gallery.run_items(batch, items, workers=options["workers"]), total=len(items), unit="photo")
        for reading in progress:
            if reading.code:
                progress.write(f"{reading.item.name}: {reading.reason}")
        self.stdout.write(
            f"{batch}: {batch.imported} imported, {batch.duplicates} there already, {batch.rejected} rejected."
        )
