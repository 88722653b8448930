"""A stand-in for the OpenID Connect provider of an office, on a port of its own; it can misbehave."""

import base64
import hashlib
import json
import threading
import time
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.serving import served

CLIENT, SECRET, CLAIM = "suite", "between-the-two-of-us-and-nobody-else", "ma_can_bo"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
_FOREIGN_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class OpenIdProvider(ThreadingHTTPServer):
    """`claims` are told of everybody who logs in; `fault` is what goes wrong."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.claims: dict[str, Any] = {"sub": "u-1", CLAIM: "HN00042"}
        self.userinfo: dict[str, Any] = {}
        self.fault = ""
        self.waiting: dict[str, dict[str, str]] = {}
        self.hanging = threading.Event()
        # How often it was asked who it is.
        self.asked = 0

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def setting(self) -> dict[str, str]:
        """What SUITE_OIDC is."""
        return {
            "issuer": self.issuer,
            "client_id": CLIENT,
            "secret": SECRET,
            "name": "Sở Nội vụ",
            "claim": CLAIM,
        }

    def log_in(self, address: str) -> str:
        """Where the browser is sent once somebody has logged in at `address`: path and query."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert address.startswith(f"{self.issuer}/authorize?")
        assert (asked["client_id"], asked["response_type"]) == (CLIENT, "code")
        assert (asked["code_challenge_method"], asked["prompt"]) == ("S256", "login")
        assert set(asked["scope"].split()) == {"openid", "profile"}
        code = f"code-{len(self.waiting)}"
        self.waiting[code] = asked
        back = urlsplit(asked["redirect_uri"]).path
        return f"{back}?{urlencode({'code': code, 'state': asked['state']})}"

    def id_token(self, asked: dict[str, str]) -> str:
        """A token for that log-in, or what the fault makes of it."""
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            **self.claims,
        }
        claims |= {
            "wrong nonce": {"nonce": "another"},
            "no nonce": {"nonce": None},
            "expired": {"iat": now - 900, "exp": now - 600},
            "wrong audience": {"aud": "another"},
            "wrong party": {"aud": [CLIENT, "another"], "azp": "another"},
            "wrong issuer": {"iss": "https://another.example"},
        }.get(self.fault, {})
        headers = {"kid": "unknown" if self.fault == "unknown key" else "one"}
        if self.fault == "alg none":
            return jwt.encode(claims, None, algorithm="none", headers=headers)
        if self.fault == "shared secret":
            return jwt.encode(claims, SECRET, algorithm="HS256", headers=headers)
        key = _FOREIGN_KEY if self.fault == "foreign key" else _KEY
        return jwt.encode(claims, key, algorithm="RS256", headers=headers)


def openid_provider() -> AbstractContextManager[OpenIdProvider]:
    server = OpenIdProvider()
    return served(server, let_go=server.hanging.set)


class _Handler(BaseHTTPRequestHandler):
    server: OpenIdProvider

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        fault = self.server.fault
        self.server.asked += "well-known" in path
        if fault == f"hang {path}":
            self.server.hanging.wait(30)
            return
        if fault == f"error {path}":
            self._send({}, 500)
        elif path == "/.well-known/openid-configuration":
            self._send("no object" if fault == "odd" else self._configuration())
        elif path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(_KEY.public_key()))
            self._send({"keys": [{**public, "kid": "one", "use": "sig", "alg": "RS256"}]})
        elif path == "/userinfo":
            assert self.headers["Authorization"] == "Bearer access"
            self._send({"sub": self.server.claims["sub"], **self.server.userinfo})
        else:
            self._send({}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = dict(parse_qsl(body))
        asked = self.server.waiting.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if (
            self.server.fault == "error /token"
            or asked is None
            or asked["code_challenge"] != challenge
            or (sent["client_id"], sent["client_secret"]) != (CLIENT, SECRET)
            or sent["redirect_uri"] != asked["redirect_uri"]
        ):
            self._send({"error": "invalid_grant"}, 400)
            return
        told = {"access_token": "access", "token_type": "Bearer"}
        if self.server.fault != "no token":
            told["id_token"] = self.server.id_token(asked)
        self._send(told)

    def _configuration(self) -> dict[str, object]:
        issuer = self.server.issuer
        return {
            "issuer": f"{issuer}/other" if self.server.fault == "other place" else issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def _send(self, answer: object, status: int = 200) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
