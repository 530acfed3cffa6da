"""A list from a vendor takes pictures of its own folder in, and of no other place of this machine's disk."""

import csv
import zipfile
from pathlib import Path

import pytest

from leads.gallery.reading import CSV_COLUMNS, digest_of, items_of, read_item
from leads.recognition.quality import QualityLimits


@pytest.fixture
def disk(tmp_path) -> Path:
    """A folder to import beside one that is nobody's business."""
    (tmp_path / "import" / "inner").mkdir(parents=True)
    (tmp_path / "booking").mkdir()
    (tmp_path / "booking" / "suspect.png").write_bytes(b"a booking photo")
    (tmp_path / "import-2").mkdir()
    (tmp_path / "import-2" / "suspect.png").write_bytes(b"a booking photo")
    (tmp_path / "import" / "inner" / "own.png").write_bytes(b"a photo of the list")
    return tmp_path


def listed(disk: Path, *names: str) -> Path:
    """A list that names these files."""
    path = disk / "import" / "list.csv"
    with path.open("w", newline="") as out:
        csv.writer(out).writerows([CSV_COLUMNS, *([name] for name in names)])
    return path


def codes(path: Path) -> list[str]:
    """What reading each item ends in; "not_an_image" is a file that was read."""
    items = list(items_of(path))
    readings = [read_item((item, Path("nowhere"), QualityLimits())) for item in items]
    assert [bool(digest_of(item)) for item in items] == [reading.code == "not_an_image" for reading in readings]
    assert not any(reading.data for reading in readings)
    return [reading.code for reading in readings]


def links(disk: Path) -> None:
    """Links out of the folder, by one step and by two, and one that stays inside."""
    here = disk / "import"
    (here / "link.png").symlink_to(disk / "booking" / "suspect.png")
    (here / "way").symlink_to(disk / "booking")
    (here / "twice.png").symlink_to(here / "link.png")
    (here / "stays.png").symlink_to(here / "inner" / "own.png")


def test_names_that_lead_out_of_the_folder_are_rejected(disk):
    links(disk)
    outside = ["../booking/suspect.png", str(disk / "booking" / "suspect.png"), "inner/../../booking/suspect.png",
               "../import-2/suspect.png", "link.png", "twice.png", "way/suspect.png", "/etc/passwd",
               "/proc/self/environ"]  # fmt: skip
    assert codes(listed(disk, *outside)) == ["outside"] * len(outside)


def test_names_inside_it_are_read_however_they_are_written(disk):
    links(disk)
    inside = ["inner/own.png", "inner/../inner/own.png", "./inner/own.png", "stays.png",
              str(disk / "import" / "inner" / "own.png")]  # fmt: skip
    assert codes(listed(disk, *inside)) == ["not_an_image"] * len(inside)


def test_what_is_no_file_is_unreadable(disk):
    assert codes(listed(disk, "", ".", "inner", "gone.png")) == ["unreadable"] * 4


def test_a_link_in_a_folder_leads_nowhere_else(disk):
    links(disk)
    found = dict(zip((item.name for item in items_of(disk / "import")), codes(disk / "import"), strict=True))
    assert found["link.png"] == found["twice.png"] == "outside"
    assert found["stays.png"] == found["inner/own.png"] == "not_an_image"
    assert found.get("way/suspect.png", "outside") == "outside"


def test_an_archive_s_names_are_labels_and_never_paths(disk):
    archive = disk / "import" / "photos.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for name in ("../booking/suspect.png", "/etc/passwd", "a/../../x.png"):
            opened.writestr(name, b"what the archive holds")
        link = zipfile.ZipInfo("link.png")
        link.external_attr = 0o120777 << 16
        opened.writestr(link, str(disk / "booking" / "suspect.png"))
    items = list(items_of(archive))
    assert {item.path for item in items} == {archive} and len(items) == 4
    assert codes(archive) == ["not_an_image"] * 4
    before = sorted(disk.rglob("*"))
    codes(archive)
    assert sorted(disk.rglob("*")) == before
