"""The bench of the list."""

import io

import pytest

from cases import bench


def test_the_bench_prints_a_time_for_the_last_page(db, monkeypatch):
    monkeypatch.setattr(bench, "CASES", 60)
    out = io.StringIO()
    bench.bench(out)
    assert "60 cases" in out.getvalue()
    queries = [int(line.split()[-2]) for line in out.getvalue().splitlines()[1:]]
    assert len(queries) == 3
    assert all(5 <= count <= 15 for count in queries)


def test_the_bench_measures_nothing_but_the_list(db, monkeypatch):
    monkeypatch.setattr(bench, "CASES", 1)
    monkeypatch.setattr(bench, "sign_in", lambda client, user: None)
    with pytest.raises(RuntimeError, match="302"):
        bench.bench(io.StringIO())
