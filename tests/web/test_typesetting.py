"""A paper is set in a process of its own, which takes its memory with it."""

import resource

import pytest

from ecpd import typesetting
from ecpd.typesetting import TypesetError, compile_pdf

PAGE = '#set document(title: "A paper")\n= Words\nSome text.\n'


def test_the_same_source_is_the_same_pdf(tmp_path):
    source = tmp_path / "main.typ"
    source.write_text(PAGE)
    first = compile_pdf(source, timestamp=1_700_000_000, font_paths=[])
    assert first.startswith(b"%PDF-")
    assert compile_pdf(source, timestamp=1_700_000_000, font_paths=[]) == first


def test_a_source_that_cannot_be_set_is_said(tmp_path):
    (tmp_path / "main.typ").write_text("#nothing-of-this-name()")
    with pytest.raises(TypesetError, match="unknown variable: nothing-of-this-name"):
        compile_pdf(tmp_path / "main.typ", timestamp=0, font_paths=[])


def test_one_that_never_ends_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr(typesetting, "LONGEST_SECONDS", 0.01)
    (tmp_path / "main.typ").write_text(PAGE)
    with pytest.raises(TypesetError, match=r"not set within 0\.01 s"):
        compile_pdf(tmp_path / "main.typ", timestamp=0, font_paths=[])


def test_long_papers_leave_no_memory_behind(tmp_path):
    """typst in the same process keeps hundreds of megabytes of these."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(3):
        (tmp_path / "main.typ").write_text(PAGE + f"#for i in range(3000) [Line #i of {number}.\n\n]")
        compile_pdf(tmp_path / "main.typ", timestamp=0, font_paths=[])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000
