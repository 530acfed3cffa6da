"""`manage.py compare_pictures`: what the pictures of exhibits from before look like, so that near copies are found (FR-10)."""

from django.core.management.base import BaseCommand

from cases.likeness import keep
from cases.selectors import pictures_not_compared


class Command(BaseCommand):
    """Reads each picture once; what is compared already is left alone, so it can be started again."""

    help = "Keep what the pictures of exhibits look like, where that is not known yet (FR-10)."

    def handle(self, *args, **options) -> None:
        """One after the other, the oldest first; names the exhibits whose picture cannot be read."""
        unread = [exhibit for exhibit in pictures_not_compared().iterator(chunk_size=200) if not keep(exhibit)]
        for exhibit in unread:
            self.stderr.write(f"{exhibit.case} {exhibit.label}: the picture cannot be read.")
        self.stdout.write(f"Done. {len(unread)} pictures cannot be read; they link nobody to a lead.")
