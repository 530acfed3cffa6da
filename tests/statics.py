"""The static files are looked through once, not by each test client anew (a third of the time of a test of a page)."""

from typing import Any

from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware

ASKED = ("STATIC_URL", "STATICFILES_DIRS", "STATICFILES_FINDERS", "STORAGES")
_found: dict[str, dict[str, Any]] = {}
_look = WhiteNoiseMiddleware.add_files_from_finders


def look_once(self: WhiteNoiseMiddleware) -> None:
    """What an earlier middleware with the same settings found, or look."""
    how = (self.static_prefix, self.max_age, self.allow_all_origins, self.charset, self.add_headers_function)
    key = repr((how, self.index_file, [getattr(settings, name) for name in ASKED]))
    if key not in _found:
        known, self.files = self.files, {}
        _look(self)
        _found[key], self.files = self.files, known
    self.files.update(_found[key])


WhiteNoiseMiddleware.add_files_from_finders = look_once
