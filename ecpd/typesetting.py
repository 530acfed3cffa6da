"""A typst source to PDF, in a process of its own: typst keeps what it compiled, gigabytes after some long papers.

This file is also that process's program: its arguments come as JSON on standard input, the PDF leaves by standard
output, a complaint by standard error.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

LONGEST_SECONDS = 120


class TypesetError(Exception):
    """The source cannot be set; the message is typst's."""


def compile_pdf(source: Path, *, timestamp: int, font_paths: list[Path], standards: Sequence[str] = ("ua-1",)) -> bytes:
    """A source in a folder with all that it includes, as a tagged PDF of these standards. Raises TypesetError."""
    order = {"source": str(source), "timestamp": timestamp, "fonts": [str(path) for path in font_paths],
             "standards": list(standards)}  # fmt: skip
    try:
        # -P: the modules beside this file must not be taken for the library's
        done = subprocess.run(
            [sys.executable, "-P", __file__], input=json.dumps(order).encode(), capture_output=True,
            timeout=LONGEST_SECONDS, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise TypesetError(f"The paper was not set within {LONGEST_SECONDS} s.") from None
    if done.returncode != 0:
        raise TypesetError(done.stderr.decode(errors="replace").strip() or f"It ended with code {done.returncode}.")
    return done.stdout


def _main() -> int:
    import typst

    order = json.loads(sys.stdin.buffer.read())
    source = Path(order["source"])
    try:
        pdf = typst.compile(
            source, root=source.parent, format="pdf", pdf_standards=order["standards"], timestamp=order["timestamp"],
            font_paths=order["fonts"], ignore_system_fonts=True,
        )  # fmt: skip
    except typst.TypstError as error:
        sys.stderr.write(str(error))
        return 1
    sys.stdout.buffer.write(pdf)
    return 0


if __name__ == "__main__":
    sys.exit(_main())
