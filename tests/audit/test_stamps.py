"""The head of the chain is stamped by an authority that the database cannot speak for (AU-01)."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from ecpd.audit.models import Stamp, StampRequest
from ecpd.audit.services import ask_for_stamp, record
from ecpd.audit.stamping import carry_out_stamps, stamp_head
from ecpd.audit.tasks import anchor_chain
from ecpd.audit.timestamps import NotStamped, configured, head_text, verified
from ecpd.audit.verification import verify
from ecpd.doctor import services as doctor
from ecpd.doctor.finding import State
from ecpd.embedded.authority import Authority, prepare
from tests.audit.conftest import LENGTH
from tests.audit.stamps import needs_openssl, saying, serving
from tests.sealing import as_role, seal

pytestmark = [pytest.mark.django_db, needs_openssl]


def stamped(**options) -> Stamp:
    """Stamp as the sealer."""
    with as_role("ecpd_sealer"):
        return stamp_head(**options)


def carry_out() -> int:
    """What the sealer's process does every second."""
    with as_role("ecpd_sealer"):
        return carry_out_stamps()


def anchor(capsys) -> str:
    """`manage.py anchor`."""
    with as_role("ecpd_sealer"):
        call_command("anchor")
    return capsys.readouterr().out


def test_the_head_is_stamped_once_and_the_token_holds(chain, authority, capsys):
    said = anchor(capsys)
    made = Stamp.objects.get()
    assert (made.number, made.hash, made.result, made.local) == (LENGTH, chain[-1].hash, "stamped", True)
    assert f"Stamped: entry {LENGTH}" in said and "proves nothing to anybody outside" in said
    assert verified(made.certificates, bytes(made.response), head_text(LENGTH, made.hash)) == made.stamped_at
    assert timezone.now() - made.stamped_at < timedelta(minutes=1)
    assert "Stamped already" in anchor(capsys)
    assert Stamp.objects.count() == 1
    assert verify().intact


def test_a_chain_that_does_not_reach_its_stamp_was_cut(chain, authority, owner_cursor):
    from tests.audit.tampering import cut

    stamped()
    cut(owner_cursor, LENGTH - 2)
    assert "cut" in {finding.kind for finding in verify().findings}


def test_a_chain_that_was_written_anew_does_not_carry_the_stamped_seal(chain, authority, owner_cursor):
    from tests.audit.tampering import change, seal_again, seal_all_again

    stamped()
    change(owner_cursor, 4, "actor_label", "Somebody else")
    seal_again(owner_cursor, 4)
    seal_all_again(owner_cursor, 5)
    assert [(f.number, f.kind) for f in verify(rows=False).findings] == [(LENGTH, "changed")]


def test_a_token_is_of_its_head_and_authority_and_of_nothing_else(chain, authority, tmp_path):
    made = stamped()
    response, text = bytes(made.response), head_text(made.number, made.hash)
    with pytest.raises(NotStamped, match="Mismatch between messages"):
        verified(made.certificates, response, head_text(made.number - 1, made.hash))
    altered = bytearray(response)
    altered[-5] ^= 1
    with pytest.raises(NotStamped):
        verified(made.certificates, bytes(altered), text)
    other = prepare(tmp_path / "other").read_text()
    with pytest.raises(NotStamped, match="does not hold"):
        verified(other, response, text)
    with pytest.raises(NotStamped, match="must hold the authority's root"):
        verified(other.split("-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----\n", response, text)
    with pytest.raises(NotStamped, match="no PEM"):
        verified("", response, text)


@pytest.mark.parametrize("column, value", [("number", 3), ("hash", "f" * 64), ("response", b"0"), ("certificates", ""),
                                           ("stamped_at", "2026-01-01T00:00:00Z")])  # fmt: skip
def test_a_stamp_that_was_tampered_with_is_named(chain, authority, owner_cursor, column, value):
    stamped()
    assert verify().intact
    owner_cursor.execute(f"UPDATE audit_stamp SET {column} = %s", [value])
    assert "token" in {finding.kind for finding in verify().findings}


def test_a_stamp_of_another_authority_than_the_installations_is_told(chain, authority, settings, tmp_path, capsys):
    stamped()
    assert verify().foreign == []
    settings.TIMESTAMP_CHAIN = str(prepare(tmp_path / "other"))
    assert (verify().foreign, verify().breaks) == ([LENGTH], 0)
    call_command("verify_audit", "--no-record")
    assert f"1 time stamps of another authority than yours, of entries {LENGTH}" in capsys.readouterr().out


def test_an_authority_of_other_keys_is_not_believed(chain, authority, settings, tmp_path):
    settings.TIMESTAMP_CHAIN = str(prepare(tmp_path / "other"))
    made = stamped()
    assert (made.result, made.response) == ("failed", None)
    assert "does not hold" in made.problem


@pytest.mark.parametrize(
    "content, words",
    [(b"", "is no time stamp"), (b"<html>Sorry</html>", "is no time stamp"), (b"0" * 70_000, "too long")],
)
def test_garbage_is_told_kept_and_asked_again_later(chain, authority, settings, content, words, moved_to):
    good = settings.TIMESTAMP_URL
    ask_for_stamp()
    seal()
    with serving(saying(content)) as bad:
        settings.TIMESTAMP_URL = f"http://127.0.0.1:{bad.server_port}/"
        assert carry_out() == 0
    assert words in Stamp.objects.get().problem
    settings.TIMESTAMP_URL = good
    assert carry_out() == 0, "not at once"
    with moved_to(timezone.now() + timedelta(minutes=2)):
        assert carry_out() == 1
        assert carry_out() == 0
    assert list(Stamp.objects.values_list("result", flat=True)) == ["stamped", "failed"]


def test_an_answer_to_an_older_question_is_refused(chain, authority, settings):
    old = bytes(stamped().response)
    record(actor=None, action="audit.viewed")
    seal()
    with serving(saying(old)) as replaying:
        settings.TIMESTAMP_URL = f"http://127.0.0.1:{replaying.server_port}/"
        assert "Nonce mismatch" in stamped().problem


def test_an_authority_that_is_away_or_silent_keeps_nobody_waiting(chain, authority, settings):
    import socket

    settings.TIMESTAMP_SECONDS = 0.3
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        settings.TIMESTAMP_URL = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        assert "did not answer: <urlopen error" in stamped().problem
        silent.listen()
        assert "did not answer: timed out" in stamped().problem


def test_the_pause_between_tries_grows_to_an_hour(chain, authority, settings, moved_to):
    settings.TIMESTAMP_URL = "http://127.0.0.1:9/"
    ask_for_stamp()
    start = timezone.now()
    for minute in range(400):
        with moved_to(start + timedelta(minutes=minute, seconds=1)):
            carry_out()
    tried = sorted(Stamp.objects.values_list("tried_at", flat=True))
    pauses = [round((later - earlier).total_seconds() / 60) for earlier, later in pairwise(tried)]
    for pause, wanted in zip(pauses, [1, 2, 4, 8, 16, 32, 60, 60], strict=False):
        assert wanted <= pause <= wanted + 1, pauses


def test_the_schedule_asks_and_the_sealer_stamps_for_all_who_asked(chain, authority):
    anchor_chain()
    anchor_chain()
    seal()
    assert carry_out() == 1
    assert carry_out() == 0
    assert Stamp.objects.get().request == StampRequest.objects.first()


def test_the_first_token_is_made_unasked_once_all_that_waits_is_sealed(chain, authority):
    record(actor=None, action="audit.viewed")
    assert carry_out() == 0, "an entry waits for its seal"
    seal()
    assert carry_out() == 1
    assert Stamp.objects.get().request is None
    record(actor=None, action="audit.viewed")
    seal()
    assert carry_out() == 0, "the next ones are asked for"


def test_without_an_authority_nothing_is_asked_and_all_say_not_anchored(chain, settings, client, auditor):
    settings.TIMESTAMP_URL = ""
    anchor_chain()
    assert not StampRequest.objects.exists()
    assert stamped() is None
    with pytest.raises(CommandError, match="Not anchored: there is no time-stamp authority"):
        call_command("anchor")
    found = doctor.anchor()
    assert (found.state, "Not anchored" in found.sentence) == (State.WARN, True)


@pytest.mark.parametrize(
    "url, chain_file, words",
    [
        ("ftp://x/", "x", "no address"),
        ("http://[", "x", "no address"),
        ("https:///x", "x", "no address"),
        ("https://x/", "", "CHAIN is not set"),
        ("https://x/", "nowhere.pem", "cannot be"),
    ],
)
def test_what_is_set_up_wrong_is_told(chain, settings, url, chain_file, words):
    settings.TIMESTAMP_URL, settings.TIMESTAMP_CHAIN = url, chain_file
    with pytest.raises(NotStamped, match=words):
        configured()
    assert words in stamped().problem


def test_the_doctor_says_how_old_the_anchor_is_and_that_a_local_one_is_none(chain, authority, owner_cursor):
    stamped()
    assert doctor.anchor().sentence.startswith("Not anchored outside")
    owner_cursor.execute("UPDATE audit_stamp SET local = false")
    assert (doctor.anchor().state, "0.0 h ago" in doctor.anchor().sentence) == (State.OK, True)
    owner_cursor.execute("UPDATE audit_stamp SET stamped_at = stamped_at - interval '5 hours'")
    assert (doctor.anchor().state, "5.0 h ago" in doctor.anchor().sentence) == (State.WARN, True)


def test_another_role_asks_and_cannot_write_a_stamp(chain, authority, capsys):
    call_command("anchor")
    assert "Asked" in capsys.readouterr().out
    assert StampRequest.objects.count() == 1
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        stamp_head()
    assert refused.value.__cause__.sqlstate == "42501"


def test_a_stamp_without_a_token_is_no_stamp(chain):
    with as_role("ecpd_sealer"), pytest.raises(DatabaseError) as refused, transaction.atomic():
        Stamp.objects.create(number=1, hash="a", authority="x", local=False, result="stamped")
    assert "au_01_stamp_has_token" in str(refused.value)


@pytest.mark.parametrize("sql", ["UPDATE audit_stamp SET number = 1", "DELETE FROM audit_stamp"])
def test_a_stamp_is_changed_by_nobody(chain, authority, sql):
    stamped()
    with as_role("ecpd_sealer"), pytest.raises(DatabaseError) as refused, transaction.atomic(), \
            connection.cursor() as cursor:  # fmt: skip
        cursor.execute(sql)
    assert refused.value.__cause__.sqlstate == "42501"


def test_the_local_authority_refuses_what_is_too_long(authority_keys):
    import urllib.error
    import urllib.request

    with serving(Authority(authority_keys)) as server, pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(server.url, data=b"0" * 5000)
    assert refused.value.code == 400
