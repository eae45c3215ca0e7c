"""Certificates for tests, made anew by openssl(1): a CA, and what it signed for 127.0.0.1 and localhost."""

import dataclasses
import datetime
import pathlib
import subprocess

OURS = "DNS:localhost,IP:127.0.0.1"
CONFIGURATION = """
[ca]
default_ca = ours
[ours]
database = {directory}/index.txt
new_certs_dir = {directory}
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
"""


@dataclasses.dataclass
class Identity:
    certificate: pathlib.Path
    key: pathlib.Path


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=30)


def openssl_time(days):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days)).strftime("%Y%m%d%H%M%SZ")


class Certificates:
    """PEM files in `directory`; the names say what is wrong with each."""

    def __init__(self, directory):
        self.directory = pathlib.Path(directory)
        self.configuration = self.directory / "openssl.cnf"
        self.configuration.write_text(CONFIGURATION.format(directory=directory), encoding="ascii")
        (self.directory / "index.txt").touch()
        self.ca = self.self_made("ca", "basicConstraints=critical,CA:TRUE")
        self.good = self.signed("good")
        self.expired = self.signed("expired", days=(-20, -1))
        self.not_yet_valid = self.signed("not-yet-valid", days=(2, 20))
        self.other_host = self.signed("other-host", names="DNS:other.example")
        self.self_signed = self.self_made("self-signed", f"subjectAltName={OURS}")

    def files(self, name):
        return Identity(self.directory / f"{name}.pem", self.directory / f"{name}.key")

    def request(self, name, *arguments):
        openssl(
            "req", "-config", self.configuration, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-subj", f"/CN={name}", "-keyout", self.files(name).key, *arguments,
        )  # fmt: skip

    def self_made(self, name, extension):
        made = self.files(name)
        self.request(name, "-x509", "-days", 20, "-addext", extension, "-out", made.certificate)
        return made

    def signed(self, name, names=OURS, days=(-1, 20)):
        made = self.files(name)
        request, extensions = self.directory / f"{name}.csr", self.directory / f"{name}.ext"
        extensions.write_text(f"subjectAltName={names}\n", encoding="ascii")
        self.request(name, "-out", request)
        openssl(
            "ca", "-batch", "-notext", "-config", self.configuration, "-cert", self.ca.certificate, "-keyfile", self.ca.key,
            "-startdate", openssl_time(days[0]), "-enddate", openssl_time(days[1]), "-extfile", extensions,
            "-in", request, "-out", made.certificate,
        )  # fmt: skip
        return made
