"""Lists: counts in words and links that keep what the person has chosen."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page
from django.http import HttpRequest, QueryDict


@dataclass(frozen=True)
class PageLink:
    """A link below a list; no url where the list stands now or numbers are left out ("…")."""

    word: str
    url: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class FilterLink:
    """A choice that narrows a list, with how many rows it leaves."""

    word: str
    count: int | None
    url: str
    is_current: bool


def summary(page: Page, *, one: str = "row", many: str = "") -> str:
    """How much of the list this page shows: "1 to 9 of 12 searches"."""
    total = page.paginator.count
    noun = one if total == 1 else many or f"{one}s"
    if not total:
        return f"No {noun}"
    if page.paginator.num_pages == 1:
        return f"{total:,} {noun}"
    return f"{page.start_index():,} to {page.end_index():,} of {total:,} {noun}"


def page_links(request: HttpRequest, page: Page, *, param: str = "page") -> list[PageLink]:
    """Previous, a few numbers, Next; each keeps the query string. Empty for a single page."""
    paginator = page.paginator
    if paginator.num_pages < 2:
        return []
    numbers = paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    links = [_number_link(request, number, page, param) for number in numbers]
    if page.has_previous():
        links.insert(0, PageLink("Previous", with_query(request, **{param: page.previous_page_number()})))
    if page.has_next():
        links.append(PageLink("Next", with_query(request, **{param: page.next_page_number()})))
    return links


def _number_link(request: HttpRequest, number: int | str, page: Page, param: str) -> PageLink:
    url = with_query(request, **{param: number}) if isinstance(number, int) else ""
    return PageLink(str(number), url, number == page.number)


def filter_links(
    request: HttpRequest, param: str, choices: Iterable[tuple[str, str, int | None]], *, total: int | None = None,
    default: str = "",
) -> list[FilterLink]:  # fmt: skip
    """Links for (value, word, count) choices of one parameter; each goes back to the first page.

    "All" stands first, unless a list begins narrowed to the choice `default`.
    """
    chosen = request.GET.get(param, default)
    links = [] if default else [FilterLink("All", total, with_query(request, **{param: "", "page": ""}), not chosen)]
    return links + [
        FilterLink(word, count, with_query(request, **{param: value, "page": ""}), chosen == str(value))
        for value, word, count in choices
    ]


def with_query(request: HttpRequest, **changes: object) -> str:
    """This page's address with these parameters changed; an empty value takes one away."""
    query: QueryDict = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in ("", None):
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else request.path
