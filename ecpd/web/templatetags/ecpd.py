"""Template tags and filters of every page: `{% load ecpd %}`."""

from typing import Any

from django import template
from django.core.paginator import Page
from django.db.models import Model
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from ecpd.policy.shown import as_row
from ecpd.web import chosen, forms, pagination, words
from ecpd.web.shown import field_for

register = template.Library()


def _or_blank(convert):
    """A filter that leaves an absent value blank instead of failing."""
    return lambda value: "" if value in (None, "") else convert(value)


register.filter("pacific", _or_blank(lambda value: words.tied(words.moment(value))))
register.filter("pacific_day", _or_blank(lambda value: words.tied(words.day(value))))
register.filter("pacific_lately", _or_blank(lambda value: words.tied(words.lately(value))))
register.filter("pacific_time", _or_blank(lambda value: words.tied(words.clock(value))))
register.filter("score", _or_blank(words.score))
register.filter("filesize", _or_blank(words.size))
register.filter("how_many", words.how_many)
register.filter("setting", words.setting)
register.filter("action_words", _or_blank(words.action))
register.filter("full_stop", _or_blank(words.full_stop))


@register.filter
def shorthash(value: str | None) -> str:
    """The first and last four characters of a hash: "5e1c…a07b"."""
    text = str(value or "")
    return f"{text[:4]}…{text[-4:]}" if len(text) > 9 else text


@register.filter
def how_many_errors(form: BaseForm) -> int:
    """How many things there are to fix: messages, of which a field or the whole form may have several."""
    return sum(len(messages) for messages in form.errors.values())


@register.filter
def widget_kind(bound: BoundField) -> str:
    """How a form field is drawn; see ecpd.web.forms.widget_kind."""
    return forms.widget_kind(bound.field.widget)


@register.filter
def choice(kind: str) -> str:
    """The input of a group of choices: "radio" for radios, "checkbox" for checkboxes."""
    return "radio" if kind == "radios" else "checkbox"


@register.filter
def uswds(bound: BoundField) -> str:
    """The field's widget with its USWDS classes, descriptions and error state."""
    return bound.as_widget(attrs=forms.field_attrs(bound))


register.filter("chosen_before", chosen.chosen_before)
register.filter("does_without", chosen.does_without)


@register.filter
def described_by(bound: BoundField) -> str:
    """The ids of the field's hint and error."""
    return forms.described_by(bound)


@register.filter
def unmet(verdicts: Any) -> int:
    """How many verdicts are not met."""
    return sum(str(verdict.outcome) == "unmet" for verdict in verdicts or [])


@register.filter
def needs_words(verdicts: Any) -> int:
    """How many verdicts wait for a written reason."""
    return sum(str(verdict.outcome) == "needs_words" for verdict in verdicts or [])


@register.filter
def plain(value: Any) -> str:
    """A number for an SVG coordinate: a dot and no thousands mark, kept within 0 to 100."""
    return f"{min(max(float(value or 0), 0.0), 100.0):g}"


@register.filter
def ratio(value: Any, base: Any) -> str:
    """`value` divided by `base`, for SVG scales."""
    return f"{float(value or 0) / float(base):.4g}"


@register.filter
def reaches(value: Any, mark: Any) -> bool:
    """Whether a score reaches the mark."""
    return float(value or 0) >= float(mark)


@register.simple_tag
def url_or(name: str, fallback: str = "", *args: Any) -> str:
    """The address of a page, or the fallback where that page is not installed."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return fallback


@register.simple_tag
def shown_row(found: Model) -> SafeString:
    """The hidden field of a form that decides on one row of its page."""
    return field_for(as_row(found))


@register.simple_tag
def right_now() -> str:
    """This moment, Pacific, for prints."""
    return words.moment(timezone.now())


@register.simple_tag
def page_words(page: Page, one: str = "row", many: str = "") -> str:
    """How much of a list a page shows, in words."""
    return pagination.summary(page, one=one, many=many)


@register.simple_tag(takes_context=True)
def page_links(context: template.Context, page: Page, param: str = "page") -> list[pagination.PageLink]:
    """The links below a list."""
    return pagination.page_links(context["request"], page, param=param)


@register.simple_tag(takes_context=True)
def with_query(context: template.Context, **changes: object) -> str:
    """This page's address with parameters changed; an empty value takes one away."""
    return pagination.with_query(context["request"], **changes)
