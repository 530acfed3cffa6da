"""License plates that nobody drives with: drawn, bent, blurred and darkened, to measure reading without photographs.

The letters are Pillow's built-in typeface made condensed and bold, not a state's dies: a set like this shows what
size, angle, blur and night do to reading, and its figures are never mixed with those of photographs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

PLATE_SIZE = (600, 300)  # pixels; 12 by 6 inches
LETTERS_BOX = (38, 92, 562, 236)  # left, top, right, bottom: characters 2.9 inches tall with their outline
SCENE_SIZE = (960, 600)
SERIAL_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"  # California leaves I, O and Q out at these places
INK, PAPER, SCRIPT = (28, 38, 92), (238, 240, 240), (176, 38, 44)  # RGB
BADGES = ("SEDAN", "HYBRID", "TOURING", "SPORT", "ELECTRIC")


@dataclass(frozen=True)
class Conditions:
    """How a plate is seen: width in pixels, turns in degrees, blur and noise as standard deviations in pixels and
    grey levels, `light` the share of daylight that arrives, `quality` of the JPEG."""

    name: str
    width: int = 160
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    blur: float = 0.6
    noise: float = 2.0
    light: float = 1.0
    quality: int = 85


CLEAR = Conditions("clear")
CONDITIONS = (
    CLEAR,
    Conditions("small", width=72, blur=0.8, noise=4.0, quality=70),
    Conditions("oblique", width=140, yaw=38.0, pitch=12.0, roll=9.0, blur=0.9),
    Conditions("blurred", width=110, blur=2.2, noise=3.0, quality=70),
    Conditions("night", width=110, blur=1.2, noise=9.0, light=0.14, quality=75),
)


@dataclass(frozen=True)
class DrawnPhoto:
    """A drawn street scene: `pixels` BGR uint8, the plate's text, its box left, top, width, height in pixels."""

    name: str
    pixels: np.ndarray
    text: str
    box: tuple[int, int, int, int]
    conditions: Conditions


def drawn_photos(count: int, *, seed: int = 1) -> Iterator[DrawnPhoto]:
    """`count` scenes, the conditions in turn, each shaken a little; the same for the same seed."""
    rng = np.random.default_rng(seed)
    for place in range(count):
        conditions = _shaken(CONDITIONS[place % len(CONDITIONS)], rng)
        yield draw_scene(californian_text(rng), conditions=conditions, rng=rng, name=f"{conditions.name}-{place}")


def californian_text(rng: np.random.Generator) -> str:
    """A text of a Californian series: the one until 2026, the one since, or the commercial one."""
    shape = rng.choice(["#@@@###", "###@@@#", "#@#####"], p=[0.6, 0.3, 0.1])
    pick = {"#": "0123456789", "@": SERIAL_LETTERS}
    text = "".join(rng.choice(list(pick[place])) for place in shape)
    return str(rng.integers(1, 10)) + text[1:] if shape == "#@@@###" else text


def draw_plate(text: str) -> np.ndarray:
    """A flat Californian plate as BGR pixels, 300 x 600 x 3."""
    plate = Image.new("RGB", PLATE_SIZE, PAPER)
    pen = ImageDraw.Draw(plate)
    pen.rounded_rectangle((4, 4, PLATE_SIZE[0] - 5, PLATE_SIZE[1] - 5), radius=24, outline=(150, 152, 156), width=4)
    pen.text((300, 50), "California", font=ImageFont.load_default(58), fill=SCRIPT, anchor="mm")
    pen.text((300, 268), "dmv.ca.gov", font=ImageFont.load_default(26), fill=INK, anchor="mm")
    for left, color in ((44, (232, 214, 92)), (486, (70, 140, 92))):  # the stickers for month and year
        pen.rectangle((left, 26, left + 70, 70), fill=color)
    for x, y in ((150, 24), (450, 24), (150, 280), (450, 280)):
        pen.ellipse((x - 7, y - 7, x + 7, y + 7), fill=(90, 92, 96))
    plate.paste(_letters(text), LETTERS_BOX[:2])
    return np.ascontiguousarray(np.asarray(plate)[:, :, ::-1])


def _letters(text: str) -> Image.Image:
    """The characters at equal pitch, each squeezed to the condensed form that plates have."""
    width, height = LETTERS_BOX[2] - LETTERS_BOX[0], LETTERS_BOX[3] - LETTERS_BOX[1]
    band = Image.new("RGB", (width, height), PAPER)
    pitch = width / max(len(text), 6)
    left = (width - pitch * len(text)) / 2
    for place, character in enumerate(text):
        band.paste(_letter(character, (round(pitch * 0.8), height)), (round(left + pitch * (place + 0.1)), 0))
    return band


def _letter(character: str, size: tuple[int, int]) -> Image.Image:
    font = ImageFont.load_default(200)
    left, top, right, bottom = font.getbbox(character, stroke_width=9)
    drawn = Image.new("RGB", (int(right - left), int(bottom - top)), PAPER)
    ImageDraw.Draw(drawn).text((-left, -top), character, font=font, fill=INK, stroke_width=9, stroke_fill=INK)
    if character in "1I":  # a stroke stays a stroke
        cell = Image.new("RGB", size, PAPER)
        stroke = drawn.resize((size[0] // 2, size[1]))
        cell.paste(stroke, (size[0] // 4, 0))
        return cell
    return drawn.resize(size, Image.Resampling.LANCZOS)


def draw_scene(
    text: str, *, conditions: Conditions, rng: np.random.Generator, name: str = "", plate: bool = True
) -> DrawnPhoto:
    """A car's rear, roughly, with the plate on it as `conditions` say; without any plate where `plate` is False."""
    scene = _car(rng)
    corners = _corners(conditions, rng)
    if plate:
        scene = _pasted(scene, draw_plate(text), corners)
    left, top = np.floor(corners.min(axis=0)).astype(int)
    right, bottom = np.ceil(corners.max(axis=0)).astype(int)
    pixels = _seen(scene, conditions, rng)
    return DrawnPhoto(name, pixels, text, (int(left), int(top), int(right - left), int(bottom - top)), conditions)


def _car(rng: np.random.Generator) -> np.ndarray:
    width, height = SCENE_SIZE
    shade = np.linspace(1.15, 0.6, height)[:, None, None]
    scene = np.clip(rng.integers(40, 190, 3)[None, None, :] * shade, 0, 255) * np.ones((1, width, 1))
    scene = np.ascontiguousarray(scene.astype(np.uint8))
    cv2.rectangle(scene, (0, 0), (width, 150), (96, 92, 88), -1)  # the street behind
    for side in (90, width - 90):
        cv2.ellipse(scene, (side, 260), (60, 34), 0, 0, 360, (40, 40, 190), -1)  # tail lamps
    cv2.line(scene, (0, 500), (width, 500), (30, 30, 30), 5)
    badge = BADGES[rng.integers(len(BADGES))]
    cv2.putText(scene, badge, (width - 300, 215), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (215, 215, 215), 2, cv2.LINE_AA)
    return scene


def _corners(conditions: Conditions, rng: np.random.Generator) -> np.ndarray:
    """The plate's corners on the scene, clockwise from the top left: a pinhole camera five plate widths away."""
    yaw, pitch, roll = np.radians([conditions.yaw, conditions.pitch, conditions.roll])
    turn = _turn("z", roll) @ _turn("x", pitch) @ _turn("y", yaw)
    flat = np.array([[-1, -0.5, 0], [1, -0.5, 0], [1, 0.5, 0], [-1, 0.5, 0]]) / 2
    points = flat @ turn.T
    seen = points[:, :2] / (1 + points[:, 2:] / 5) * conditions.width
    middle = np.array(SCENE_SIZE) * [0.5, 0.6] + rng.uniform(-60, 60, 2)
    return (seen + middle).astype(np.float32)


def _turn(axis: str, angle: float) -> np.ndarray:
    cos, sin = np.cos(angle), np.sin(angle)
    if axis == "x":
        return np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]])
    if axis == "y":
        return np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]])
    return np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])


def _pasted(scene: np.ndarray, plate: np.ndarray, corners: np.ndarray) -> np.ndarray:
    """The plate on the scene; it is first shrunk to about its size there, so that thin strokes do not flicker away."""
    seen = max(float(np.linalg.norm(corners[1] - corners[0])), 8.0)
    plate = cv2.resize(plate, (round(seen * 1.5), round(seen * 0.75)), interpolation=cv2.INTER_AREA)
    height, width = plate.shape[:2]
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    turn = cv2.getPerspectiveTransform(flat, corners)
    size = (scene.shape[1], scene.shape[0])
    there = cv2.warpPerspective(np.full(plate.shape, 255, np.uint8), turn, size, flags=cv2.INTER_LINEAR) / 255.0
    return (scene * (1 - there) + cv2.warpPerspective(plate, turn, size, flags=cv2.INTER_LINEAR) * there).astype(
        np.uint8
    )


def _seen(scene: np.ndarray, conditions: Conditions, rng: np.random.Generator) -> np.ndarray:
    """What the camera makes of the scene: blur, less light, noise, JPEG."""
    seen = cv2.GaussianBlur(scene, (0, 0), conditions.blur).astype(np.float32) * conditions.light
    seen += rng.normal(0.0, conditions.noise, seen.shape)
    pixels = np.clip(seen, 0, 255).astype(np.uint8)
    _, packed = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, conditions.quality])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR))


def _shaken(conditions: Conditions, rng: np.random.Generator) -> Conditions:
    """The conditions with a tenth more or less of size and blur, and turns to either side."""
    return replace(
        conditions,
        width=round(conditions.width * rng.uniform(0.9, 1.1)),
        blur=conditions.blur * rng.uniform(0.9, 1.1),
        yaw=conditions.yaw * rng.uniform(-1.0, 1.0),
        pitch=conditions.pitch * rng.uniform(-1.0, 1.0),
        roll=(conditions.roll + 2.0) * rng.uniform(-1.0, 1.0),
    )
