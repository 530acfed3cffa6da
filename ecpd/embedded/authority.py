"""A time-stamp authority of this machine, by `openssl ts`, for the demo agency and for tests.

It shows how the chain is anchored and proves nothing to anybody outside: its keys lie beside the data that it stamps.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

LARGEST_QUERY = 4096
SECONDS = 10
CONFIGURATION = """
[tsa]
default_tsa = here
[here]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.32473.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
[req]
distinguished_name = name
prompt = no
[name]
CN = ECPD
[ca]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[signer]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
"""
NEW_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-config", "openssl.cnf")


def prepare(folder: Path) -> Path | None:
    """Make keys and certificates once; returns the file of certificates, or None where there is no openssl."""
    chain = folder / "chain.pem"
    if shutil.which("openssl") is None:
        return None
    if not chain.exists():
        folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        try:
            _make(folder)
        except (subprocess.SubprocessError, OSError):
            return None
        chain.write_text((folder / "ca.pem").read_text() + (folder / "tsa.pem").read_text())
    return chain


def _make(folder: Path) -> None:
    (folder / "openssl.cnf").write_text(CONFIGURATION)
    (folder / "serial").write_text("01\n")
    _openssl(folder, "req", "-x509", *NEW_KEY, "-days", "3650", "-subj", "/CN=ECPD demo, local root",
             "-extensions", "ca", "-keyout", "ca.key", "-out", "ca.pem")  # fmt: skip
    _openssl(folder, "req", "-new", *NEW_KEY, "-subj", "/CN=ECPD demo, local time stamps",
             "-keyout", "tsa.key", "-out", "tsa.csr")  # fmt: skip
    _openssl(folder, "x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
             "-days", "3650", "-extfile", "openssl.cnf", "-extensions", "signer", "-out", "tsa.pem")  # fmt: skip
    (folder / "ca.key").unlink()  # it signs nothing else


def _openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True, timeout=SECONDS)


def beside(folder: Path) -> dict[str, str]:
    """The settings by which ECPD finds this authority, on a free port; none where another is set or openssl is missing."""
    if os.environ.get("ECPD_TIMESTAMP_URL") or (chain := prepare(folder)) is None:
        return {}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return {"ECPD_TIMESTAMP_URL": f"http://127.0.0.1:{port}/", "ECPD_TIMESTAMP_CHAIN": str(chain)}


def answer(folder: Path, query: bytes) -> bytes:
    """The authority's answer to a query, both DER. Raises SubprocessError."""
    with tempfile.TemporaryDirectory() as place:
        asked, given = Path(place) / "query", Path(place) / "reply"
        asked.write_bytes(query)
        _openssl(folder, "ts", "-reply", "-queryfile", str(asked), "-config", "openssl.cnf", "-out", str(given))
        return given.read_bytes()


class Authority(HTTPServer):
    """Answers one query at a time, on this machine only."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        super().__init__(("127.0.0.1", port), Handler)

    @property
    def url(self) -> str:
        """Where it is asked."""
        return f"http://127.0.0.1:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    """RFC 3161 over HTTP: a query is posted, the answer is the reply."""

    server: Authority
    timeout = SECONDS

    def do_POST(self) -> None:
        """Stamp what was sent."""
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > LARGEST_QUERY:
            self.send_error(400)
            return
        try:
            reply = answer(self.server.folder, self.rfile.read(int(length)))
        except (subprocess.SubprocessError, OSError):
            self.send_error(500)
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/timestamp-reply")
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)


if __name__ == "__main__":
    Authority(Path(sys.argv[1]), int(sys.argv[2])).serve_forever()
