"""The bench of the list."""

import io

from cases import bench


def test_the_bench_prints_a_time_for_the_last_page(db, monkeypatch):
    monkeypatch.setattr(bench, "CASES", 60)
    out = io.StringIO()
    bench.bench(out)
    assert "60 cases" in out.getvalue()
    assert "last page" in out.getvalue()
