"""Callers without an identity of their own: anybody, the holder of a token; and the token endpoint."""

from dataclasses import dataclass

from conformance.actors.actor import Actor
from conformance.model.context import Context
from conformance.model.wire import ClientAssertion, Credential, FormBody, Reply, SubjectAssertion

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
"""Grant type of a subject's assertion (RFC 7523, 2.1)."""
CLIENT_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
"""Authentication of a client by its assertion (RFC 7523, 2.2)."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Bearer(Actor):
    """The holder of a bearer token (RFC 6750)."""

    token: Credential

    @property
    def credential(self) -> Credential:
        """The token as it is."""
        return self.token


@dataclass(frozen=True, eq=False)
class Anonymous(Actor):
    """A caller without a token."""

    def read_descriptor(self) -> Reply:
        """The descriptor of the platform."""
        return self.call("getPlatformDescriptor")

    def read_health(self) -> Reply:
        """The state of the platform."""
        return self.call("getHealth")


def request_token(ctx: Context, assertion: SubjectAssertion | ClientAssertion) -> Reply:
    """The reply of the token endpoint to an assertion (RFC 7523)."""
    if isinstance(assertion, SubjectAssertion):
        form = FormBody({"grant_type": JWT_BEARER, "assertion": assertion})
    else:
        form = FormBody(
            {
                "grant_type": "client_credentials",
                "client_assertion_type": CLIENT_ASSERTION,
                "client_assertion": assertion,
            }
        )
    return Anonymous(ctx).call("issueToken", form)
