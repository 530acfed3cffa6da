"""The flat map is as right as it says."""

from math import atan2, cos, radians, sin, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString

from parking.curbs.projection import ECCENTRICITY_SQUARED, EQUATOR_M, Projection

EL_CERRITO = Projection(lat0=37.915, lon0=-122.308)
near = st.tuples(st.floats(-122.36, -122.25), st.floats(37.87, 37.96))


def straight_distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres through the ellipsoid; on a few kilometres the way along it is longer by less than a millimetre."""

    def position(lon: float, lat: float) -> tuple[float, float, float]:
        n = EQUATOR_M / sqrt(1 - ECCENTRICITY_SQUARED * sin(radians(lat)) ** 2)
        x, y = n * cos(radians(lat)) * cos(radians(lon)), n * cos(radians(lat)) * sin(radians(lon))
        return x, y, n * (1 - ECCENTRICITY_SQUARED) * sin(radians(lat))

    return sqrt(sum((a - b) ** 2 for a, b in zip(position(*one), position(*other), strict=True)))


@given(near)
def test_there_and_back_is_the_same_point(point):
    back = EL_CERRITO.to_degrees(*EL_CERRITO.to_metres(*point))
    assert back == pytest.approx(point, abs=1e-12)


@given(near, st.floats(0, 200), st.floats(0, 6.3))
def test_a_block_within_five_kilometres_is_right_to_fifteen_centimetres(point, length, heading):
    x, y = EL_CERRITO.to_metres(*point)
    other = EL_CERRITO.to_degrees(x + length * cos(heading), y + length * sin(heading))
    assert straight_distance(point, other) == pytest.approx(length, abs=0.15)


def test_east_is_x_and_north_is_y():
    x, y = EL_CERRITO.to_metres(-122.307, 37.915)
    assert x == pytest.approx(87.9, abs=0.1) and y == pytest.approx(0)
    x, y = EL_CERRITO.to_metres(-122.308, 37.916)
    assert x == pytest.approx(0) and y == pytest.approx(111.0, abs=0.1)


def test_arrays_and_shapes_are_projected_like_numbers():
    points = np.array([(-122.30, 37.91), (-122.31, 37.92)])
    together = EL_CERRITO.coordinates_to_metres(points)
    assert together == pytest.approx(np.array([EL_CERRITO.to_metres(lon, lat) for lon, lat in points]))
    xs, ys = EL_CERRITO.to_metres(points[:, 0], points[:, 1])
    assert np.column_stack((xs, ys)) == pytest.approx(together)
    assert EL_CERRITO.coordinates_to_degrees(together) == pytest.approx(points)
    line = EL_CERRITO.shape_to_metres(LineString(points))
    assert line.length == pytest.approx(np.hypot(*(together[1] - together[0])))
    assert EL_CERRITO.shape_to_degrees(line).equals_exact(LineString(points), 1e-12)


def test_the_reference_of_a_shape_is_the_middle_of_its_bounds():
    found = Projection.around(LineString([(-122.31, 37.90), (-122.29, 37.92)]))
    assert (found.lon0, found.lat0) == (pytest.approx(-122.30), pytest.approx(37.91))
    assert atan2(*found.to_metres(-122.29, 37.90)) > 0
