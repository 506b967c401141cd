"""Certificates for tests, signed by nobody."""

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate with its key in one file."""

    path: Path

    def serving(self) -> ssl.SSLContext:
        """Return the context of a server that shows it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path)
        return context

    def trusting(self) -> ssl.SSLContext:
        """Return the context of a client that trusts nothing else."""
        return ssl.create_default_context(cafile=str(self.path))


def make_certificate(folder: Path, name: str) -> Certificate:
    """Make a self-signed certificate of a host name or address."""
    key, both = folder / "key.pem", folder / "both.pem"
    kind = "IP" if name[0].isdigit() else "DNS"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    names = ["-subj", f"/CN={name}", "-addext", f"subjectAltName={kind}:{name}"]
    files = ["-keyout", str(key), "-out", str(both)]
    subprocess.run([*command, *files, *names], check=True, capture_output=True)
    both.write_text(key.read_text() + both.read_text())
    return Certificate(both)
