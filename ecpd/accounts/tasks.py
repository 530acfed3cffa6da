"""What happens to accounts every night."""

from django.utils import timezone

from ecpd.accounts.lockout import forget_old
from ecpd.accounts.unused import disable_unused
from ecpd.celery import app


@app.task(name="ecpd.accounts.tasks.night", ignore_result=True)
def night() -> None:
    """Disable unused accounts (AC-05) and forget tallies of wrong passwords; safe to run twice."""
    disable_unused()
    forget_old(timezone.now())
