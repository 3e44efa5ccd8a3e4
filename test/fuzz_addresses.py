"""Gives every request of the fuzzer an address of its own, as a trusted proxy would: limits stay on, and none is met."""

import secrets

import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    # not `random`: hypothesis sets it back before each example
    octets = (str(octet) for octet in secrets.token_bytes(3))
    case.headers["X-Forwarded-For"] = "10." + ".".join(octets)
