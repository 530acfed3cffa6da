"""Looking at reads: place them, join them into tracks, judge the stays, raise what is to be asked."""

from parking.services.looking.looking import look_at_all

__all__ = ["look_at_all"]
