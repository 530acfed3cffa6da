"""Looking at reads: place them, join them into tracks, judge the stays, raise what is to be asked."""

from parking.services.looking.looking import look_at_all
from parking.services.looking.raising import raise_findings, wake_raiser

__all__ = ["look_at_all", "raise_findings", "wake_raiser"]
