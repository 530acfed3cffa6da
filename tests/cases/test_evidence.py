"""Exhibits: the original, its hash and its custody."""

import hashlib
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as tuned
from hypothesis import strategies as st

from cases import vault
from cases.models import CustodyEntry, Evidence, StoredFile, TimelineEntry
from cases.services.evidence import add_derivative, check_hash, hand_over, withdraw_evidence
from cases.vault import FileRefused
from ecpd.policy.errors import PolicyDenied
from ecpd.problem import StaleState
from tests.factories.cases import exhibit, picture

MP4 = b"\x00\x00\x00\x20ftypisom" + b"\x00" * 40


def handed(evidence: Evidence, actor, **fields) -> CustodyEntry:
    holder = evidence.custody.last().to_party
    facts = {"action": "transferred", "from_party": holder, "to_party": "Crime lab", "reason": "Comparison"}
    return hand_over(evidence=evidence, actor=actor, **{**facts, **fields})


def test_an_exhibit_has_its_file_hash_number_and_first_link(case, okafor):
    made = exhibit(case, okafor, file=picture())
    assert made.label == "E-01"
    assert made.file.sha256 == hashlib.sha256(picture()).hexdigest()
    assert vault.read(made.file) == picture()
    assert [link.action for link in made.custody.all()] == ["received"]
    assert TimelineEntry.objects.filter(case=case, kind="evidence").count() == 1


def test_exhibits_are_numbered_in_their_case(case, okafor):
    assert [exhibit(case, okafor).number for _ in range(3)] == [1, 2, 3]


def test_a_stranger_leaves_no_exhibit_behind(case, aldana):
    with pytest.raises(PolicyDenied):
        exhibit(case, aldana)
    assert not Evidence.objects.exists()


def test_the_same_file_twice_is_kept_once(case, okafor):
    one, two = exhibit(case, okafor), exhibit(case, okafor)
    assert one.file_id == two.file_id
    assert StoredFile.objects.count() == 1


def test_an_empty_file_is_refused_by_name(case, okafor):
    with pytest.raises(FileRefused, match="empty"):
        exhibit(case, okafor, file=b"")
    assert not Evidence.objects.exists()


def test_a_file_that_is_too_large_is_refused_and_leaves_nothing(case, okafor, settings, vault):
    settings.EVIDENCE_MAX_BYTES = 1000
    with pytest.raises(FileRefused, match="larger"):
        exhibit(case, okafor, file=b"x" * 1001)
    assert [path for path in vault.rglob("*") if path.is_file()] == []


def test_what_a_file_is_comes_from_its_bytes_and_its_name_is_only_shown(case, okafor):
    made = exhibit(case, okafor, file=picture(kind="PNG"), file_name="..\\..\\etc/pass\x00wd\n.exe")
    assert made.file.media_type == "image/png"
    assert made.file_name == "passwd.exe"


def test_nothing_is_obtained_in_the_future(case, okafor):
    with pytest.raises(ValidationError):
        exhibit(case, okafor, obtained_at=timezone.now() + timedelta(hours=1))


def test_a_derivative_stands_beside_the_original_and_says_what_was_done(case, okafor):
    original = exhibit(case, okafor)
    made = add_derivative(original=original, actor=okafor, title="Crop", derivation="Cropped to the face.",
                          file=picture(size=(9, 9)))  # fmt: skip
    assert made.derived_from == original
    assert made.origin_kind == original.origin_kind
    with pytest.raises(ValidationError):
        add_derivative(original=original, actor=okafor, title="Crop", derivation="", file=picture(size=(8, 8)))


def test_a_changed_file_is_found_out(case, okafor):
    made = exhibit(case, okafor)
    assert check_hash(evidence=made, actor=okafor)
    path = vault.path_of(made.file.sha256)
    path.chmod(0o600)
    path.write_bytes(b"another picture")
    assert not check_hash(evidence=made, actor=okafor)
    path.unlink()
    assert not check_hash(evidence=made, actor=okafor)


def test_a_hand_over_says_where_the_exhibit_is(case, okafor):
    made = exhibit(case, okafor)
    handed(made, okafor, location="Crime lab, shelf 14")
    assert Evidence.objects.get(pk=made.pk).location == "Crime lab, shelf 14"


@pytest.mark.parametrize("minutes", [-600, 10])
def test_a_link_lies_neither_before_the_last_one_nor_in_the_future(case, okafor, minutes):
    made = exhibit(case, okafor)
    with pytest.raises(ValidationError):
        handed(made, okafor, at=timezone.now() + timedelta(minutes=minutes))
    assert made.custody.count() == 1


@tuned(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(minutes=st.lists(st.integers(0, 300), min_size=1, max_size=6))
def test_custody_is_always_in_order_whatever_is_tried(case, okafor, minutes):
    began = timezone.now() - timedelta(hours=4)
    made = exhibit(case, okafor, obtained_at=began)
    accepted = 1
    for minute in minutes:
        try:
            handed(made, okafor, at=began + timedelta(minutes=minute))
            accepted += 1
        except ValidationError:
            pass
    times = [link.at for link in made.custody.order_by("id")]
    assert len(times) == accepted
    assert times == sorted(times)
    assert times[-1] <= timezone.now()


def test_a_withdrawn_exhibit_stays_with_its_reason(case, okafor):
    made = exhibit(case, okafor)
    with pytest.raises(PolicyDenied):
        withdraw_evidence(evidence=made, actor=okafor, reason="")
    withdraw_evidence(evidence=made, actor=okafor, reason="Belongs to another case.")
    assert not made.is_still_image
    with pytest.raises(StaleState):
        withdraw_evidence(evidence=made, actor=okafor, reason="Belongs to another case.")


def refused(sql: str, *values) -> bool:
    """Whether the database refuses a statement of the application's role."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except Exception as error:
        assert type(error).__name__ in {"InternalError", "IntegrityError", "ProgrammingError"}, error
        return True
    return False


@pytest.mark.parametrize("change", ["origin = 'x'", "number = 9", "file_id = NULL", "kind = 'dna'", "file_name = 'x'"])
def test_the_database_keeps_an_original_as_it_was(case, okafor, change):
    made = exhibit(case, okafor)
    assert refused(f"UPDATE cases_evidence SET {change} WHERE id = %s", made.pk)


def test_update_and_bulk_update_are_refused_too(case, okafor):
    made = exhibit(case, okafor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=made.pk).update(origin="Found it")
    made.obtained_at = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.bulk_update([made], ["obtained_at"])


def test_a_bulk_made_derivative_without_words_is_refused(case, okafor):
    original = exhibit(case, okafor)
    silent = Evidence(case=case, number=2, kind="photo", title="Crop", origin_kind="other", origin="x", added_by=okafor,
                      obtained_at=timezone.now(), derived_from=original)  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.bulk_create([silent])


@pytest.mark.parametrize("table", ["evidence", "custodyentry", "case", "person", "timelineentry", "storedfile"])
def test_nobody_deletes(case, okafor, table):
    exhibit(case, okafor)
    assert refused(f"DELETE FROM cases_{table}")


@pytest.mark.parametrize("change", ["custodyentry SET reason = 'x'", "timelineentry SET headline = 'x'",
                                    "storedfile SET sha256 = 'x'"])  # fmt: skip
def test_ledgers_are_written_once(case, okafor, change):
    exhibit(case, okafor)
    assert refused(f"UPDATE cases_{change}")


@pytest.mark.parametrize(
    ("kind", "file", "words"),
    [
        ("photo", MP4, "This file is a video."),
        ("still", MP4, "This file is a video."),
        ("photo", b"MZ" + b"\x00\x90" * 30, "This file is no picture."),
        ("clip", picture(), "This file is a picture."),
        ("clip", b"ID3" + b"\x00" * 30, "This file is sound."),
        ("audio", picture(), "This file is a picture."),
    ],
)
def test_an_exhibit_is_what_its_file_is(case, okafor, kind, file, words):
    with pytest.raises(FileRefused, match=words):
        exhibit(case, okafor, kind=kind, file=file)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    ("kind", "file"), [("clip", MP4), ("clip", b"\x00\x01own format of a recorder\xff"), ("document", MP4)]
)
def test_a_recording_in_a_format_of_its_maker_is_taken(case, okafor, kind, file):
    assert exhibit(case, okafor, kind=kind, file=file).file_id


@pytest.mark.parametrize(("kind", "file"), [("photo", MP4), ("clip", picture())])
def test_the_database_takes_no_other_file_either(case, okafor, kind, file):
    row = Evidence(case=case, number=90, kind=kind, title="x", origin_kind="other", origin="Found there", added_by=okafor,
                   obtained_at=timezone.now(), file=vault.store(file))  # fmt: skip
    with pytest.raises(IntegrityError, match="FR-03: A "), transaction.atomic():
        Evidence.objects.bulk_create([row])
