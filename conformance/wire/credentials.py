"""Turns symbolic credentials into bearer tokens and signed assertions; nobody else sees either."""

import secrets
from collections.abc import Callable, Mapping

from conformance.evidence import Vault
from conformance.model.wire import (
    ClientAssertion,
    ClientToken,
    Credential,
    FormBody,
    LiteralToken,
    Reply,
    SubjectAssertion,
    SubjectToken,
)
from conformance.wire import bodies
from conformance.wire.assertions import Signer
from conformance.wire.tokens import Tokens

CLIENT_GRANT = "client_credentials"
SUBJECT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
Post = Callable[[bytes, str], Reply]
"""Posts a body of a media type to the token endpoint."""
Fields = Mapping[str, str | ClientAssertion | SubjectAssertion]
Cached = ClientToken | SubjectToken


class Credentials:
    """Credentials of one session."""

    def __init__(self, signer: Signer, vault: Vault) -> None:
        self._signer = signer
        self._vault = vault
        self._tokens = Tokens()

    def bearer(self, credential: Credential, case: str, post: Post, audience: str, now: float) -> str:
        """The token of a credential, from the cache where it is still good."""
        match credential:
            case LiteralToken(value):
                return value
            case ClientToken(client_id, signer):
                assertion = ClientAssertion(client_id, signer)
                scope = secrets.token_hex(16)
                fields: Fields = {
                    "grant_type": CLIENT_GRANT,
                    "client_assertion_type": ASSERTION_TYPE,
                    "client_assertion": assertion,
                }
            case SubjectToken(assertion):
                fields, scope = {"grant_type": SUBJECT_GRANT, "assertion": assertion}, case

        def acquire(generation: int) -> Reply:
            def sign(part: ClientAssertion | SubjectAssertion) -> str:
                return self.sign(part, audience, now, f"{scope}|{generation}")

            reply = post(*bodies.encode_form(FormBody(fields), sign))
            self.note(reply)
            return reply

        return self._tokens.get(_key(credential, case), acquire)

    def sign(
        self, assertion: ClientAssertion | SubjectAssertion, audience: str, now: float, scope: str
    ) -> str:
        signed = self._signer.sign(assertion, audience, now, scope)
        self._vault.secret("assertion", signed)
        return signed

    def note(self, reply: Reply) -> None:
        """Keep the token in a reply secret."""
        try:
            token = reply.json["access_token"]
        except (ValueError, LookupError, TypeError, RecursionError):
            return
        if isinstance(token, str) and token:
            self._vault.secret("token", token)

    def forget(self, credential: Credential | None, case: str) -> None:
        """Do not use a token again that the platform refused."""
        if isinstance(credential, ClientToken | SubjectToken):
            self._tokens.forget(_key(credential, case))


def _key(credential: Cached, case: str) -> tuple[Cached, str]:
    """A client's token serves all cases, a subject's only the case that made the assertion."""
    return credential, case if isinstance(credential, SubjectToken) else ""
