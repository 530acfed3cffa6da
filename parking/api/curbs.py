"""The Curbs API of the Curb Data Specification, read-only and open to everybody: zones, areas, spaces, policies.

Versions 1.0 and 1.1, by the Accept header; 406 for another one, and for one that cannot say every rule in force; 501
for objects, which the city does not publish.
Lengths in centimetres, times in ms since 1970, positions WGS 84 (Open Mobility Foundation, Curb Data Specification).
"""

import re
from datetime import UTC, datetime
from math import ceil
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET
from shapely.geometry import Point, box, shape

from parking.curbs.cds import refusals, write_cds
from parking.curbs.faults import CurbLosses
from parking.curbs.projection import Projection
from parking.curbs.types import CurbSet
from parking.selectors.curb_rows import curbs_in_force

VERSIONS = ("1.1", "1.0")
DEFAULT = "1.0"
PAGE = 200
IDS = {"zones": "curb_zone_id", "areas": "curb_area_id", "spaces": "curb_space_id", "policies": "curb_policy_id"}
ASKED = re.compile(r"application/vnd\.cds\+json(?:\s*;\s*version=(?P<version>[\d.]+))?")


class Refused(Exception):
    """A request that cannot be answered as asked: status, short name, sentence."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status, self.error, self.description = status, error, description


@login_not_required
@require_GET
def listing(request: HttpRequest, kind: str) -> JsonResponse:
    """All objects of a kind, narrowed by the query, in pages."""
    return _answered(request, lambda version: _page(request, kind, _narrowed(request, kind, version)))


@login_not_required
@require_GET
def single(request: HttpRequest, kind: str, pk: UUID) -> JsonResponse:
    """One object."""

    def found(version: str) -> dict[str, Any]:
        document = _document(request, kind, version)
        objects = [each for each in document["data"][kind] if each[IDS[kind]] == str(pk)]
        if not objects:
            raise Refused(404, "not_found", f"There is no such object among the {kind} in force.")
        return document | {"data": {kind: objects}}

    return _answered(request, found)


@login_not_required
@require_GET
def not_implemented(request: HttpRequest) -> JsonResponse:
    """Objects along the curb are not published."""

    def refuse(version: str) -> dict:
        raise Refused(501, "not_implemented", "This city does not publish curb objects.")

    return _answered(request, refuse)


def _answered(request: HttpRequest, act) -> JsonResponse:
    version = DEFAULT
    try:
        version = _version(request)
        body, status = act(version), 200
    except Refused as refused:
        body, status = (
            {"error": refused.error, "error_description": refused.description, "error_details": []},
            refused.status,
        )
    response = JsonResponse(body, status=status)
    response["Content-Type"] = f"application/vnd.cds+json;version={version}"
    response["Vary"] = "Accept"
    response["Cache-Control"] = "public, max-age=60"
    return response


def _version(request: HttpRequest) -> str:
    """The version asked for. A header that names CDS must name a version we have; any other header takes 1.0."""
    accept = request.headers.get("Accept", "")
    asked = [found.group("version") for found in ASKED.finditer(accept)]
    if not asked:
        return DEFAULT
    for version in asked:
        if version is None:
            return DEFAULT
        if ".".join(version.split(".")[:2]) in VERSIONS:
            return ".".join(version.split(".")[:2])
    raise Refused(406, "not_acceptable", f"Versions {' and '.join(sorted(VERSIONS))} are served.")


def _document(request: HttpRequest, kind: str, version: str) -> dict[str, Any]:
    historic = request.GET.get("show_historic") == "true"
    curbs = curbs_in_force(_moment(request), historic=historic)
    try:
        return write_cds(curbs, version)[kind]
    except CurbLosses as lost:
        told = f"CDS {version} cannot say every rule in force: {lost} {_instead(curbs, version)}"
        raise Refused(406, "not_acceptable", told) from lost


def _instead(curbs: CurbSet, version: str) -> str:
    others = [other for other in VERSIONS if other != version and not refusals(curbs, other)]
    return f"Ask for version {others[0]} in the Accept header." if others else "No other version can, either."


def _moment(request: HttpRequest) -> datetime:
    value = _number(request, "time")
    return timezone.now() if value is None else datetime.fromtimestamp(value / 1000, UTC)


def _narrowed(request: HttpRequest, kind: str, version: str) -> dict[str, Any]:
    document = _document(request, kind, version)
    objects = document["data"][kind]
    if kind == "policies":
        objects = _with_ids(request, objects)
    else:
        objects = _in_place(request, _in_area(request, kind, objects))
        if request.GET.get("include_geometry") == "false":
            objects = [{name: value for name, value in each.items() if name != "geometry"} for each in objects]
    return document | {"data": {kind: objects}}


def _with_ids(request: HttpRequest, objects: list[dict]) -> list[dict]:
    wanted = {name for name in request.GET.get("ids", "").split(",") if name}
    return [each for each in objects if not wanted or each["curb_policy_id"] in wanted]


def _in_area(request: HttpRequest, kind: str, objects: list[dict]) -> list[dict]:
    if not (area := request.GET.get("area")):
        return objects
    if kind == "zones":
        return [each for each in objects if area in each.get("curb_area_ids", [])]
    return [each for each in objects if each.get("curb_area_id") == area]


def _in_place(request: HttpRequest, objects: list[dict]) -> list[dict]:
    corners = [_number(request, name) for name in ("min_lng", "min_lat", "max_lng", "max_lat")]
    around = [_number(request, name) for name in ("lat", "lng", "radius")]
    for given, names in ((corners, "min_lat, min_lng, max_lat and max_lng"), (around, "lat, lng and radius")):
        if any(value is not None for value in given) and None in given:
            raise Refused(400, "bad_param", f"Give all of {names}, or none.")
    if None not in corners:
        window = box(*corners)
        objects = [each for each in objects if shape(each["geometry"]).intersects(window)]
    return _around(objects, *around) if None not in around else objects


def _around(objects: list[dict], lat: float, lng: float, radius_cm: float) -> list[dict]:
    """Within the radius, the nearest first."""
    flat, here = Projection(lat, lng), Point(0, 0)
    measured = [(flat.shape_to_metres(shape(each["geometry"])).distance(here), each) for each in objects]
    near = [(metres, each) for metres, each in measured if metres * 100 <= radius_cm]
    return [each for _, each in sorted(near, key=lambda pair: pair[0])]


def _number(request: HttpRequest, name: str) -> float | None:
    if (value := request.GET.get(name)) is None:
        return None
    try:
        number = float(value)
    except ValueError:
        raise Refused(400, "bad_param", f"“{name}” must be a number.") from None
    if not abs(number) < 1e15:
        raise Refused(400, "bad_param", f"“{name}” is out of range.")
    return number


def _page(request: HttpRequest, kind: str, document: dict[str, Any]) -> dict[str, Any]:
    objects = document["data"][kind]
    last = max(ceil(len(objects) / PAGE), 1)
    page = int(_number(request, "page") or 1)
    if not 1 <= page <= last:
        raise Refused(400, "bad_param", f"There are {last} pages.")
    if last == 1:
        return document
    links = {"first": 1, "last": last, "prev": page - 1 or None, "next": page + 1 if page < last else None}
    shown = objects[(page - 1) * PAGE : page * PAGE]
    return document | {"data": {kind: shown}, "links": {name: _link(request, n) for name, n in links.items()}}


def _link(request: HttpRequest, page: int | None) -> str | None:
    if page is None:
        return None
    query = request.GET.copy()
    query["page"] = str(page)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")
