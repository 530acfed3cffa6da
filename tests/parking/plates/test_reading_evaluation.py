"""Measuring: figures of known results, the folder's format, the command, and what is reached on photographs."""

from pathlib import Path

import cv2
import pytest
from django.core.management import CommandError, call_command

from parking.plates.evaluation import Result, evaluate, figures, photos_in
from parking.plates.reading import PlateReader
from parking.plates.synthetic import CONDITIONS, draw_plate, drawn_photos

PHOTOS = Path(__file__).resolve().parents[4] / "shared" / "plates"
EVERY = 3  # every third photo: the whole set takes 20 s of processor time


def result(truth, read, seconds=0.1):
    return Result("a", "photos", truth, read, 0.9, seconds, seconds)


def folder_with(tmp_path, text):
    photo = next(iter(drawn_photos(1, seed=4)))
    cv2.imwrite(str(tmp_path / "one.jpg"), photo.pixels)
    box = "\t".join(map(str, photo.box))
    (tmp_path / "one.txt").write_text(f"one.jpg\t{box}\t{text or photo.text}\n")
    return photo


def test_figures_count_exact_near_and_slow():
    results = [result("8ABC123", "8ABC123"), result("8ABC123", "BABC123", 0.3), result("8ABC123", "", 0.2)]
    sums = figures(results)
    assert (sums.count, sums.exact, sums.near) == (3, pytest.approx(1 / 3), pytest.approx(2 / 3))
    assert (sums.median_ms, sums.slow_ms) == (pytest.approx(200), pytest.approx(300))


def test_reading_nothing_is_not_near_a_short_plate():
    assert not result("7", "").near


def test_a_line_of_another_format_is_refused(tmp_path):
    (tmp_path / "one.txt").write_text("one.jpg 8ABC123")
    with pytest.raises(ValueError, match=r"one\.txt"):
        list(photos_in(tmp_path))


def test_drawn_plates_are_the_same_for_the_same_seed_and_come_in_every_condition():
    first, again = list(drawn_photos(5, seed=2)), list(drawn_photos(5, seed=2))
    assert [photo.text for photo in first] == [photo.text for photo in again]
    assert all((a.pixels == b.pixels).all() for a, b in zip(first, again, strict=True))
    assert [photo.conditions.name for photo in first] == [conditions.name for conditions in CONDITIONS]


def test_the_command_prints_figures_and_names_a_miss(tmp_path, capsys):
    photo = folder_with(tmp_path, "9ZZZ999")
    call_command("evaluate_plates", str(tmp_path))
    printed = capsys.readouterr().out
    assert "photos: 1 pictures, exact 0.000, within one edit 0.000" in printed
    assert "9ZZZ999" in printed and f"read as {photo.text}" in printed and "one.jpg" in printed


def test_the_command_reports_photos_and_drawn_plates_separately(tmp_path, capsys):
    folder_with(tmp_path, "")
    call_command("evaluate_plates", str(tmp_path), "--synthetic", "1")
    printed = capsys.readouterr().out
    assert "photos: 1 pictures, exact 1.000" in printed and "clear: 1 pictures" in printed


@pytest.mark.parametrize("arguments", [[], ["/no/such/folder"]])
def test_the_command_asks_for_something_to_measure(arguments):
    with pytest.raises(CommandError):
        call_command("evaluate_plates", *arguments)


def test_an_empty_folder_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"no \.txt file"):
        call_command("evaluate_plates", str(tmp_path))


@pytest.mark.skipif(not PHOTOS.is_dir(), reason="the photos with known plates (shared/plates) are not here")
def test_photographs_are_read_as_well_as_measured():
    """Measured 15 of these 17 exact and all within one edit; two fewer of each are let pass."""
    samples = list(photos_in(PHOTOS))[::EVERY]
    reader = PlateReader(threads=1)
    reader.read(draw_plate("8ABC123"))
    sums = figures(list(evaluate(reader, samples)))
    assert sums.count == 17 and sums.exact >= 13 / 17 and sums.near >= 15 / 17
