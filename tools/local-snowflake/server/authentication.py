"""Key-pair authentication as Snowflake does it: a JWT signed with the user's private key.

https://docs.snowflake.com/en/developer-guide/sql-api/authenticating#using-key-pair-authentication
"""

import base64
import hashlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

# Snowflake accepts a token for at most one hour after it was issued.
LONGEST_TOKEN_LIFE_SECONDS = 3600
CLOCK_SKEW_SECONDS = 60
# The Node driver writes `iat` and `exp` in milliseconds, the others in seconds.
FIRST_MILLISECOND_TIMESTAMP = 10**11


class LoginRefused(Exception):
    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class RegisteredKey:
    key: RSAPublicKey
    fingerprint: str


class Authenticator:
    """The account's users and their registered public keys."""

    def __init__(self, account: str, public_key_files: dict[str, list[str]]):
        self.account = account.upper()
        self.users = {user.upper(): [_load(file) for file in files] for user, files in public_key_files.items()}

    def authenticate(self, data: dict[str, Any]) -> str:
        """Returns the user's name, or raises `LoginRefused` with a message that says why."""
        if data.get("PASSWORD"):
            raise LoginRefused(
                "390100",
                "Password authentication is refused: this account accepts key-pair authentication only "
                "(authenticator SNOWFLAKE_JWT with the user's private key).",
            )
        if str(data.get("AUTHENTICATOR", "")).upper() != "SNOWFLAKE_JWT" or not data.get("TOKEN"):
            raise LoginRefused(
                "390100",
                f"Authenticator {data.get('AUTHENTICATOR') or 'SNOWFLAKE'} is refused: this account accepts "
                "key-pair authentication only (authenticator SNOWFLAKE_JWT with the user's private key).",
            )
        return self._user_of(str(data["TOKEN"]), str(data.get("LOGIN_NAME", "")).upper())

    def _user_of(self, token: str, login_name: str) -> str:
        try:
            claims = jwt.decode(token, options={"verify_signature": False})
        except jwt.PyJWTError as error:
            raise _invalid(f"it is not a JWT ({error})") from None
        subject = str(claims.get("sub", ""))
        account, _, user = subject.partition(".")
        if account != self.account:
            raise _invalid(f"its subject {subject!r} names account {account!r}, this account is {self.account!r}")
        keys = self.users.get(user)
        if keys is None:
            raise _invalid(f"user {user!r} does not exist in account {self.account!r}")
        if login_name and login_name != user:
            raise _invalid(f"it was made for user {user!r}, the login names {login_name!r}")
        issuer_prefix = f"{subject}."
        issuer = str(claims.get("iss", ""))
        fingerprint = issuer.removeprefix(issuer_prefix)
        registered = next((key for key in keys if key.fingerprint == fingerprint), None)
        if not issuer.startswith(issuer_prefix) or registered is None:
            raise _invalid(f"the public key {fingerprint or '(none)'} is not registered for user {user!r}")
        try:
            jwt.decode(token, registered.key, algorithms=["RS256"], options={"verify_exp": False, "verify_iat": False})
        except jwt.PyJWTError as error:
            raise _invalid(f"its signature does not match the registered public key ({error})") from None
        _check_times(claims, time.time())
        return user


def _check_times(claims: dict[str, Any], now: float) -> None:
    issued, expires = _seconds(claims.get("iat")), _seconds(claims.get("exp"))
    if issued is None or expires is None:
        raise _invalid("it lacks iat or exp")
    if issued > now + CLOCK_SKEW_SECONDS:
        raise _invalid(f"it was issued {issued - now:.0f} s in the future: check this machine's clock")
    if min(expires, issued + LONGEST_TOKEN_LIFE_SECONDS) < now - CLOCK_SKEW_SECONDS:
        raise _invalid(f"it expired {now - expires:.0f} s ago")


def _seconds(value: Any) -> float | None:
    if not isinstance(value, int | float):
        return None
    return value / 1000 if value >= FIRST_MILLISECOND_TIMESTAMP else float(value)


def _invalid(reason: str) -> LoginRefused:
    return LoginRefused("390144", f"JWT token is invalid: {reason}.")


def _load(file: str) -> RegisteredKey:
    key = load_pem_public_key(Path(file).read_bytes())
    if not isinstance(key, RSAPublicKey):
        raise SystemExit(f"{file} holds no RSA public key: Snowflake's key-pair authentication needs RSA")
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return RegisteredKey(key, "SHA256:" + base64.b64encode(hashlib.sha256(der).digest()).decode())
