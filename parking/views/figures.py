"""Figures for the chief: on the page, as charts to paste, as CSV."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from ecpd.web.asking import allowed_role
from ecpd.web.spreadsheet import csv_file
from parking.selectors.figures import CHALK_SECONDS, FIRST_HOUR, LAST_HOUR, Figures, figures

CELL_W, CELL_H, LEFT, TOP = 44, 26, 190, 26
BAR_H, BAR_W = 140, 18


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """The figures of some days, the last thirty unless others are asked for."""
    allowed_role(request, "parking.report")
    begin, end = _days(request)
    found = figures(begin, end)
    shown = {"f": found, "heat": _heat_map(found), "bars": _bars(found), "chalk": CHALK_SECONDS,
             "net_cents": found.paid_cents - found.cost_cents}  # fmt: skip
    return render(request, "parking/figures/page.html", shown)


@require_GET
def as_csv(request: HttpRequest) -> HttpResponse:
    """The same numbers as CSV."""
    allowed_role(request, "parking.report")
    begin, end = _days(request)
    found = figures(begin, end)
    return csv_file(f"parking-{begin}-{end}.csv", _rows(found))


def _rows(found: Figures) -> Iterator[list]:
    yield ["figure", "value"]
    for name in ("reads", "cars_in_zones", "alerts", "confirmed", "dismissed", "citations", "voided", "contests",
                 "contests_won", "permits", "owed_cents", "paid_cents", "cost_cents"):  # fmt: skip
        yield [name, getattr(found, name)]
    yield ["hours_saved", f"{found.hours_saved:.1f}"]
    yield from ([f"dismissed: {reason}", n] for reason, n in found.reasons.items())
    for row in found.heat:
        for hour, rate in zip(range(FIRST_HOUR, LAST_HOUR), row.rates, strict=True):
            if rate is not None:
                yield [f"overtime rate: {row.place}, {hour}:00", f"{rate:.4f}"]


def _days(request: HttpRequest) -> tuple[date, date]:
    end = _day(request.GET.get("end")) or timezone.localdate()
    begin = _day(request.GET.get("begin")) or end - timedelta(days=29)
    return (begin, end) if begin <= end else (end, begin)


def _day(text: str | None) -> date | None:
    try:
        return parse_date(text or "")
    except ValueError:
        return None


def _heat_map(found: Figures) -> dict:
    """Cells of the heat map: place, share and how dark; every cell's number is also in it as text."""
    most = max((rate for row in found.heat for rate in row.rates if rate), default=0)
    rows = [
        {"name": row.place, "y": TOP + n * CELL_H, "text_y": TOP + n * CELL_H + CELL_H / 2,
         "cells": [{"x": LEFT + i * CELL_W, "center": LEFT + i * CELL_W + CELL_W / 2,
                    "shade": "" if rate is None else round(rate / most, 2) if most else 0,
                    "dark": bool(rate and most and rate / most > 0.5),
                    "text": "" if rate is None else f"{100 * rate:.0f}"} for i, rate in enumerate(row.rates)]}
        for n, row in enumerate(found.heat)
    ]  # fmt: skip
    hours = [{"x": LEFT + i * CELL_W + CELL_W / 2, "text": _hour(hour)}
             for i, hour in enumerate(range(FIRST_HOUR, LAST_HOUR))]  # fmt: skip
    return {"rows": rows, "hours": hours, "width": LEFT + (LAST_HOUR - FIRST_HOUR) * CELL_W + 4,
            "height": TOP + len(rows) * CELL_H + 4, "cell_w": CELL_W - 2, "cell_h": CELL_H - 2}  # fmt: skip


def _hour(hour: int) -> str:
    return f"{hour % 12 or 12}{'a' if hour < 12 else 'p'}"


def _bars(found: Figures) -> dict:
    """Alerts by day, the confirmed part filled."""
    most = max((n for _, n, _ in found.by_day), default=1)
    bars = []
    for i, (day, n, confirmed) in enumerate(found.by_day[-45:]):
        height, part = BAR_H * n / most, BAR_H * confirmed / most
        bars.append({"x": 30 + i * (BAR_W + 4), "y": 10 + BAR_H - height, "h": height, "part_y": 10 + BAR_H - part,
                     "part_h": part, "day": day, "n": n, "confirmed": confirmed, "text": f"{day.day}"})  # fmt: skip
    return {"bars": bars, "width": 40 + len(bars) * (BAR_W + 4), "height": BAR_H + 34, "base": BAR_H + 10, "most": most,
            "label_y": BAR_H + 26, "bar_w": BAR_W}  # fmt: skip
