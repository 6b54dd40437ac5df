"""Asking the token endpoint itself."""

from typing import Any

from conformance.actors.actor import Actor
from conformance.model.wire import ClientAssertion, Form, Reply, Request, SubjectAssertion

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
CLIENT_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Tokens(Actor):
    def request_token(self, assertion: SubjectAssertion | ClientAssertion) -> Reply:
        """Ask the token endpoint itself, to see what it says."""
        if isinstance(assertion, SubjectAssertion):
            fields: dict[str, Any] = {"grant_type": JWT_BEARER, "assertion": assertion}
        else:
            fields = {
                "grant_type": "client_credentials",
                "client_assertion_type": CLIENT_ASSERTION,
                "client_assertion": assertion,
            }
        return self.ctx.send(Request("issueToken", body=Form(fields)))
