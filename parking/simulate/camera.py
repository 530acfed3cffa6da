"""Pictures for simulated reads: each read gets a drawn scene and a drawn plate."""

from collections import Counter
from dataclasses import replace
from functools import lru_cache

from parking.ingest.canonical import CanonicalRead, ReadImage
from parking.ingest.images import stored
from parking.simulate.cars import Car
from parking.simulate.picture import plate_crop, scene
from parking.simulate.sign import sign_of
from parking.simulate.truth import Truth

TAKES = 4  # pictures of one car differ this often, then they come again


class Camera:
    """Draws what a read saw. The pictures show the true plate, so that a person can find a misreading."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.taken: Counter[int] = Counter()
        self._drawn = lru_cache(maxsize=2048)(self._draw)

    def with_pictures(self, read: CanonicalRead) -> CanonicalRead:
        """The read with its two pictures, bytes and all."""
        car = self.truth.car_of(read.device_seq)
        self.taken[car.id] += 1
        zone = self.truth.zone_of(read.device_seq)
        return replace(read, images=self._drawn(car, zone, self.taken[car.id] % TAKES))

    def _draw(self, car: Car, zone: str, take: int) -> tuple[ReadImage, ...]:
        sign = sign_of(self.truth.rules[zone].policies)
        return (
            stored("plate", plate_crop(car, take=take)),
            stored("scene", scene(car, sign, place=zone, take=take)),
        )
