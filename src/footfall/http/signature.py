"""Values that leave the house and come back: signed, so that nobody else can have made them."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from hashlib import sha256


class Seal:
    """Signs texts for one purpose; a seal of another purpose does not fit."""

    def __init__(self, secret: bytes, purpose: str) -> None:
        self._key = hmac.digest(secret, purpose.encode(), sha256)

    def close(self, text: str) -> str:
        """Return the text with its signature, in letters that cookies take."""
        body = urlsafe_b64encode(text.encode()).decode().rstrip("=")
        return f"{body}.{self._sign(body)}"

    def open(self, sealed: str) -> str | None:
        """Return the text of a sealed value; None for one that is not ours."""
        body, _, mark = sealed.partition(".")
        if not hmac.compare_digest(mark.encode(), self._sign(body).encode()):
            return None
        try:
            return urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
        except (Error, UnicodeDecodeError):
            return None

    def _sign(self, body: str) -> str:
        return hmac.new(self._key, body.encode(), sha256).hexdigest()
