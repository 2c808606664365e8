"""What schemathesis cannot know of itself: how formats look that have no meaning in JSON Schema, which
rules between fields there are, and that it must not saw off the branch it sits on."""

import datetime
import os
import re

import schemathesis
from hypothesis import strategies as st

OWN_KEY = os.environ["LOOMWIRE_OWN_KEY"]
# How a limit may be named.
LIMIT = "[a-z0-9][a-z0-9-]{0,39}"

octet = st.integers(min_value=1, max_value=223)
network = st.builds(
    lambda a, b, length: f"{a}.{b}.0.0/{length}", octet, octet, st.integers(min_value=8, max_value=32)
)
address = st.builds(lambda a, b: f"{a}.{b}.0.1", octet, octet)
# Moments that are still to come, as ends of keys have to be.
moment = st.builds(
    lambda year, day: f"{year}-03-{day:02}T12:00:00Z",
    st.integers(min_value=2100, max_value=2900),
    st.integers(min_value=1, max_value=31),
)
# Where a person may be sent.
uri = st.builds(
    lambda host, path: f"https://{host}.example/{path}",
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12),
    st.text("abcdefghijklmnopqrstuvwxyz0123456789-_/", max_size=30),
)

schemathesis.openapi.format("cidr", st.one_of(network, address))
schemathesis.openapi.format("date-time", moment)
schemathesis.openapi.format("web-address", uri)


@schemathesis.hook
def filter_case(context, case):
    """The key that asks is not changed, rotated or revoked: nothing could be asked after."""
    return (case.path_parameters or {}).get("id") != OWN_KEY


started = []


@schemathesis.hook
def after_call(context, case, response):
    """Remembers what was started, so that there is something to ask for."""
    if case.path == "/verify/start" and response.status_code == 201:
        started.append(response.json()["verificationId"])


@schemathesis.hook
def before_call(context, case, **kwargs):
    """Rules that no schema can say. What was made to break the schema is left as it is."""
    if started and case.path == "/verify/complete" and isinstance(case.body, dict):
        exchange(case.body)
    if started and case.path == "/verify/status" and isinstance(case.query, dict):
        exchange(case.query)
    if isinstance(case.body, dict) and "expiresAt" in case.body:
        case.body["expiresAt"] = still_to_come(case.body["expiresAt"])
    if isinstance(case.body, dict) and isinstance(case.body.get("limits"), list):
        # There are none yet, or others.
        if all(isinstance(name, str) and re.fullmatch(LIMIT, name) for name in case.body["limits"]):
            case.body["limits"] = []
    if case.path == "/rate-limits/{name}" and isinstance(case.body, dict):
        affordable(case.body)
    if case.path == "/usage" and isinstance(case.query, dict):
        in_order(case.query)


def exchange(fields):
    """An id that could be one for one that is."""
    told = fields.get("verificationId")
    if isinstance(told, str) and re.fullmatch("ver_[0-7][0-9a-hjkmnp-tv-z]{25}", told):
        fields["verificationId"] = started[-1]


def still_to_come(told):
    """A key ends later, not earlier."""
    try:
        told_as = datetime.datetime.fromisoformat(told.replace("Z", "+00:00"))
    except (AttributeError, TypeError, ValueError):
        return told
    return told if told_as.year >= 2100 else "2100" + told[4:10].replace("-02-29", "-02-28") + told[10:]


def affordable(body):
    """No call takes more than there is."""
    units, costs = body.get("units"), body.get("costs")
    whole = lambda number: isinstance(number, (int, float)) and not isinstance(number, bool)
    if whole(units) and 1 <= units <= 1_000_000 and isinstance(costs, dict):
        if all(whole(cost) and 0 <= cost <= 1_000_000 for cost in costs.values()):
            body["costs"] = {call: min(cost, units) for call, cost in costs.items()}


def in_order(query):
    """The first day is not after the last, and not more than a year before it."""
    days = {}
    for name in ("from", "to"):
        try:
            days[name] = datetime.date.fromisoformat(query[name])
        except (KeyError, TypeError, ValueError):
            if name in query:
                return
    first, last = days.get("from"), days.get("to")
    if first and (not last or not datetime.timedelta() <= last - first <= datetime.timedelta(days=365)):
        query["to"] = query["from"]
