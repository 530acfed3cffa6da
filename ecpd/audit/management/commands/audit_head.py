"""`manage.py audit_head`: the newest entry's number and seal, to be kept outside this database."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from ecpd.audit.models import ChainHead, ChainSeal


class Command(BaseCommand):
    """Prints NUMBER:HASH; with --to it is appended to a file as well, and noted in the database."""

    help = "Print the head of the audit chain; keep it outside the database."

    def add_arguments(self, parser) -> None:
        """Where to."""
        parser.add_argument("--to", help="Append to this file, best on another machine.")

    def handle(self, *args, to: str | None, **options) -> None:
        """Print, append, note."""
        newest = ChainSeal.objects.order_by("-number").first()
        if newest is None:
            self.stdout.write("The chain is empty.")
            return
        head = f"{newest.number}:{newest.hash}"
        if to:
            with open(to, "a") as kept:
                kept.write(f"{head} {timezone.now().isoformat(timespec='seconds')}\n")
            ChainHead.objects.create(number=newest.number, hash=newest.hash, kept_at=to[:200])
        self.stdout.write(head)
