"""Numbers that lead straight to what they name: who looks for a case may as well type an exhibit's or a search's.

Other apps register the numbers they give; cases know none of them. What a person may not see is not found, and nothing
says whether there is such a thing.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from cases.models import Case, Evidence
from cases.selectors import EXHIBIT, cases_visible_to

Finder = Callable[[Any, str], str | None]
_finders: list[Finder] = []


def register(finder: Finder) -> Finder:
    """Add a function(user, words) that gives the address of what the words name, from an AppConfig.ready."""
    if finder not in _finders:
        _finders.append(finder)
    return finder


def straight_to(user: Any, words: str) -> str | None:
    """Where a number leads this person; None for words that are none, and for what is not there or not for them."""
    return next((address for finder in _finders if (address := finder(user, words.strip()))), None)


def exhibit(user: Any, words: str) -> str | None:
    """The one exhibit that "26-000123 E-03" names, or "E-03" where this person may see one of that number only."""
    if not (asked := EXHIBIT.fullmatch(words)):
        return None
    found = Evidence.objects.select_related("case").filter(case__in=cases_visible_to(user), number=int(asked[2]))
    exhibits = list((found.filter(case__case_number=asked[1]) if asked[1] else found)[:2])
    return exhibits[0].get_absolute_url() if len(exhibits) == 1 else None


def exhibits_named(cases: QuerySet[Case], words: str) -> dict[int, Evidence]:
    """For each of these cases its exhibit of the number that was typed without a case."""
    if not (asked := EXHIBIT.fullmatch(words)) or asked[1]:
        return {}
    found = Evidence.objects.select_related("case").filter(case__in=cases, number=int(asked[2]))
    return {exhibit.case_id: exhibit for exhibit in found}
