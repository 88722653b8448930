"""The proxy of deploy/proxy/ as a process of this machine, on loopback."""

import os
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from pathlib import Path
from string import Template

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.services import free_port

TEMPLATE = Path(__file__).resolve().parents[1] / "deploy" / "proxy" / "nginx.conf.template"
START_SECONDS = 30
# What the image of nginx has around it.
AROUND = """
daemon off;
{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/suite.conf;
}}
"""


class Filled(Template):
    """Puts in what is named in capitals, as envsubst does with what the environment holds."""

    pattern = r"\$\{(?P<braced>[A-Z_]+)\}|(?P<escaped>\b\B)|(?P<named>\b\B)|(?P<invalid>\b\B)"


@dataclass(frozen=True)
class Proxy:
    """Where it answers; `certificate` is the one to trust."""

    http_port: int
    https_port: int
    certificate: Path

    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))

    def connect(self) -> HTTPSConnection:
        return HTTPSConnection("localhost", self.https_port, timeout=60, context=self.trusted())


def nginx() -> str | None:
    """Return where nginx is: with the tools of the administrator, on Debian."""
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")


@contextmanager
def proxy(folder: Path, *, web: str, data: Path) -> Iterator[Proxy]:
    """Run nginx in front of `web` (host and port) to the end of the block."""
    given = Proxy(free_port(), free_port(), folder / "certificate.pem")
    _write_certificate(given.certificate, folder / "key.pem")
    values = {
        "WEB": web,
        "HTTP_PORT": f"127.0.0.1:{given.http_port}",
        "HTTPS_PORT": f"127.0.0.1:{given.https_port}",
        "CERTIFICATE": str(given.certificate),
        "CERTIFICATE_KEY": str(folder / "key.pem"),
        "ACME": str(folder),
        "DATA": str(data),
        "CACHE": str(folder / "cache"),
    }
    # The folders of the tests are root's, where root runs them.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user), encoding="utf-8")
    text = Filled(TEMPLATE.read_text(encoding="utf-8")).substitute(values)
    (folder / "suite.conf").write_text(text, encoding="utf-8")
    command = [str(nginx()), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    subprocess.run([*command, "-t", "-q"], check=True)
    with (folder / "access.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _wait_until_it_answers(given, process)
        yield given
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_until_it_answers(given: Proxy, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        assert process.poll() is None, "nginx has ended"
        try:
            with closing(given.connect()) as connection:
                connection.connect()
        except OSError:
            assert time.monotonic() < deadline, "nginx does not answer"
            time.sleep(0.05)
        else:
            return


def _write_certificate(certificate: Path, key_path: Path) -> None:
    """Write one for localhost that signs itself and lasts a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate.write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
