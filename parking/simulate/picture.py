"""Drawn pictures for the demonstration: the rear of a parked car with its plate and the sign on the curb.

They are drawings of invented cars and say so in a corner; nobody can take one for a photograph. The font is the one
that comes with Pillow.
"""

from functools import lru_cache
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from parking.simulate.cars import Car

SIZE = (720, 460)
PLATE_SIZE = (320, 160)
QUALITY = 66
PAINT = {
    "white": (232, 232, 228), "black": (38, 38, 42), "gray": (112, 116, 120), "silver": (178, 182, 186),
    "blue": (44, 72, 128), "red": (150, 36, 36), "green": (46, 88, 60), "brown": (98, 72, 52),
}  # fmt: skip
PLATES = {
    "US-CA": ("CALIFORNIA", (252, 252, 250), (28, 44, 120)), "US-NV": ("NEVADA", (214, 228, 240), (24, 44, 90)),
    "US-OR": ("OREGON", (226, 236, 240), (30, 60, 110)), "US-AZ": ("ARIZONA", (228, 196, 180), (60, 30, 80)),
    "US-WA": ("WASHINGTON", (236, 240, 246), (24, 50, 110)), "US-TX": ("TEXAS", (250, 250, 250), (20, 20, 20)),
}  # fmt: skip
ROOF = {"sedan": 0.30, "hatchback": 0.34, "suv": 0.46, "wagon": 0.36, "van": 0.56, "pickup": 0.40}
INK = (30, 30, 30)


def scene(car: Car, sign: str, *, place: str = "", take: int = 0) -> bytes:
    """The car from behind at the curb, with a sign, as JPEG of about 15 to 30 kB.

    `sign`: its words, one line each ("2 HOUR\\nPARKING\\n8 AM-6 PM"). `place`: anything that names the spot; the same
    spot has the same houses. `take`: another picture of the same car: other light, seen from a little aside.
    """
    rng = Random(f"{car.id} {car.plate} {take}")
    picture = Image.new("RGB", SIZE)
    draw = ImageDraw.Draw(picture)
    _street(draw, rng.uniform(0.85, 1.05), Random(place or f"{car.id}"))
    _post(draw, sign)
    _car(picture, draw, car, 250 + rng.randint(-14, 14), rng)
    return _jpeg(_grained(picture, rng), rng)


def plate_crop(car: Car, *, take: int = 0) -> bytes:
    """The plate alone, somewhat blurred, as JPEG of about 5 to 10 kB."""
    rng = Random(f"plate {car.id} {car.plate} {take}")
    picture = Image.new("RGB", PLATE_SIZE, _darker(PAINT[car.color], 0.8))
    picture.paste(_plate(car, (280, 130)), (20, 15))
    turned = picture.rotate(rng.uniform(-3.0, 3.0), Image.Resampling.BICUBIC, fillcolor=_darker(PAINT[car.color], 0.8))
    return _jpeg(_grained(turned.filter(ImageFilter.GaussianBlur(rng.uniform(0.4, 1.0))), rng), rng)


def _street(draw: ImageDraw.ImageDraw, light: float, rng: Random) -> None:
    for row in range(230):
        shade = tuple(int(min((base + row * step) * light, 255)) for base, step in ((150, 0.3), (180, 0.2), (205, 0.1)))
        draw.line((0, row, SIZE[0], row), fill=shade)
    for left, right, top, color in _houses(rng):
        draw.rectangle((left, top, right, 250), fill=color)
        for x in range(left + 14, right - 20, 34):
            for y in range(top + 14, 215, 40):
                draw.rectangle((x, y, x + 14, y + 20), fill=_darker(color, 0.6))
    draw.rectangle((0, 230, SIZE[0], SIZE[1]), fill=(104, 106, 110))
    draw.polygon([(470, 230), (560, 230), (720, 400), (720, 460), (640, 460)], fill=(186, 184, 178))
    draw.line((470, 230, 640, 460), fill=(140, 138, 132), width=7)
    for x, y in ((40, 300), (20, 380)):
        draw.polygon([(x, y), (x + 60, y - 8), (x + 62, y - 2), (x + 2, y + 6)], fill=(214, 214, 206))


def _houses(rng: Random) -> list[tuple[int, int, int, tuple[int, int, int]]]:
    """House fronts from left to right: left and right edge, top, color."""
    found, x = [], -20
    while x < SIZE[0]:
        width = rng.randint(90, 160)
        color = rng.choice(((196, 178, 150), (168, 150, 138), (150, 160, 150), (186, 160, 140), (142, 148, 160)))
        found.append((x, x + width, rng.randint(60, 150), color))
        x += width
    return found


def _post(draw: ImageDraw.ImageDraw, sign: str) -> None:
    draw.rectangle((618, 60, 626, 330), fill=(120, 124, 126))
    draw.rounded_rectangle((566, 40, 680, 172), 8, fill=(246, 246, 242), outline=(24, 110, 60), width=4)
    lines = sign.upper().split("\n")[:5]
    size = min(24, 116 // max(len(lines), 1), int(180 / max(max(map(len, lines)), 1)))
    for number, line in enumerate(lines):
        y = 106 + (number - (len(lines) - 1) / 2) * (size + 4)
        draw.text((623, y), line, font=_font(size), fill=(20, 100, 54), anchor="mm")


def _car(picture: Image.Image, draw: ImageDraw.ImageDraw, car: Car, x: int, rng: Random) -> None:
    """The rear: body, window, lamps, wheels, plate; `x` is the middle."""
    paint, y, half = PAINT[car.color], 400 + rng.randint(-6, 6), 150
    roof = y - 130 - int(200 * ROOF.get(car.type, 0.3))
    shoulder = y - 130
    draw.ellipse((x - half - 20, y - 12, x + half + 20, y + 26), fill=(60, 62, 66))
    for side in (-1, 1):
        wheel = x + side * (half - 34)
        draw.rounded_rectangle((wheel - 22, y - 40, wheel + 22, y + 16), 10, fill=(24, 24, 26))
    for inset, top, shade in ((16, 0, _darker(paint, 0.9)), (36, 12, (58, 70, 80))):
        foot, head, low = half - inset, half - inset - 22, shoulder + 6 - top // 2
        corners = [(x - foot, low), (x - head, roof + top), (x + head, roof + top), (x + foot, low)]
        draw.polygon(corners, fill=shade)
    draw.rounded_rectangle((x - half, shoulder, x + half, y - 8), 22, fill=paint, outline=_darker(paint, 0.6), width=3)
    draw.line((x - half + 12, shoulder + 34, x + half - 12, shoulder + 34), fill=_darker(paint, 0.75), width=2)
    for side in (-1, 1):
        lamp = x + side * (half - 26)
        draw.rounded_rectangle((lamp - 20, shoulder + 14, lamp + 20, shoulder + 44), 6, fill=(168, 28, 30))
    draw.rectangle((x - half + 6, y - 34, x + half - 6, y - 14), fill=_darker(paint, 0.5))
    draw.text(
        (x - 62, shoulder + 22), f"{car.make} {car.model}"[:22], font=_font(13), fill=_darker(paint, 0.35), anchor="lm"
    )
    picture.paste(_plate(car, (108, 52)), (x - 54, shoulder + 44))


def _plate(car: Car, size: tuple[int, int]) -> Image.Image:
    name, ground, ink = PLATES.get(car.state, (car.state.removeprefix("US-"), (240, 240, 236), (40, 40, 40)))
    width, height = size
    picture = Image.new("RGB", size, ground)
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((0, 0, width - 1, height - 1), max(height // 10, 3), outline=_darker(ground, 0.6), width=2)
    draw.text((width / 2, height * 0.17), name, font=_font(max(height // 6, 7)), fill=(170, 40, 44), anchor="mm")
    letters = min(height * 0.5, width / max(len(car.plate), 1) * 1.35)
    draw.text((width / 2, height * 0.6), car.plate, font=_font(int(letters)), fill=ink, anchor="mm")
    return picture


def _grained(picture: Image.Image, rng: Random) -> Image.Image:
    """A little noise, as a camera at work has it, and the words that it is a drawing."""
    noise = Image.frombytes(
        "L", (picture.width // 3, picture.height // 3), rng.randbytes(picture.width // 3 * (picture.height // 3))
    )
    grain = noise.resize(picture.size).convert("RGB")
    picture = Image.blend(picture, grain, 0.04)
    size = max(picture.height // 32, 9)
    ImageDraw.Draw(picture).text((4, picture.height - 2), "DRAWING", font=_font(size), fill=(250, 220, 90), anchor="ls")
    return picture


def _jpeg(picture: Image.Image, rng: Random) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=QUALITY - rng.randint(0, 6))
    return out.getvalue()


@lru_cache(maxsize=64)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _darker(color: tuple[int, int, int], share: float) -> tuple[int, int, int]:
    red, green, blue = color
    return int(red * share), int(green * share), int(blue * share)
