"""The demo's own time-stamp authority: made once, named to every process, replaced by any other that is set."""

import shutil

import pytest

from ecpd.embedded import authority
from ecpd.embedded.programs import local_authority
from tests.audit.stamps import needs_openssl


@pytest.fixture(autouse=True)
def unset(monkeypatch):
    """Nobody has named an authority."""
    monkeypatch.delenv("ECPD_TIMESTAMP_URL", raising=False)


@needs_openssl
def test_it_is_made_once_and_named_on_a_free_port(tmp_path):
    named = authority.beside(tmp_path / "timestamp")
    chain = (tmp_path / "timestamp" / "chain.pem").read_text()
    assert named["ECPD_TIMESTAMP_URL"].startswith("http://127.0.0.1:")
    assert named["ECPD_TIMESTAMP_CHAIN"] == str(tmp_path / "timestamp" / "chain.pem")
    authority.beside(tmp_path / "timestamp")
    assert (tmp_path / "timestamp" / "chain.pem").read_text() == chain
    assert not (tmp_path / "timestamp" / "ca.key").exists()
    assert (tmp_path / "timestamp" / "tsa.key").stat().st_mode & 0o077 == 0


def test_another_that_is_set_is_not_replaced(tmp_path, monkeypatch):
    monkeypatch.setenv("ECPD_TIMESTAMP_URL", "https://stamps.example/")
    assert authority.beside(tmp_path / "timestamp") == {}
    assert local_authority(tmp_path, {}) == []


def test_without_openssl_there_is_none(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert authority.beside(tmp_path / "timestamp") == {}


def test_an_openssl_that_fails_keeps_nobody_from_starting(tmp_path, monkeypatch):
    monkeypatch.setattr(authority, "_make", lambda folder: authority._openssl(folder, "nonsense"))
    assert authority.prepare(tmp_path / "timestamp") is None


@needs_openssl
def test_it_is_started_first_and_every_process_is_told_of_it(tmp_path):
    named = authority.beside(tmp_path / "timestamp")
    [program] = local_authority(tmp_path, named)
    assert program.command[-1] == named["ECPD_TIMESTAMP_URL"].rstrip("/").rpartition(":")[2]
