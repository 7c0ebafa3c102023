"""infinario, every method over each of its transports."""

import threading
from datetime import datetime, timezone

import requests
from infinario import AsynchronousTransport, AuthenticationError, Infinario, InvalidRequest, NullTransport
from steps import KEY_ID, SECRET, TOKEN, URL, finish, refused, step


def stored(**ids):
    """What the server has of a customer, by its Data API."""
    url = f"{URL}/data/v2/projects/{TOKEN}/customers/export-one"
    return requests.post(url, json={"customer_ids": ids}, auth=(KEY_ID, SECRET)).json()


def event_types(found):
    return [event["type"] for event in found["events"]]


plain = Infinario(TOKEN, customer="ada@example.com", target=URL, silent=False, secret="project secret")
step("identify", lambda: plain.identify("ada@example.com", {"first_name": "Ada"}), None)
step("update", lambda: plain.update({"points": 7}), None)
step("track", lambda: plain.track("visit"), None)
step("track", lambda: plain.track("purchase", {"price": 7.99}, 1533495544.343536), None)
moment = datetime(2018, 8, 5, 19, 0, tzinfo=timezone.utc)
step("track", lambda: plain.track("visit", {"page": "/"}, moment), None)
step(
    "track",
    lambda: stored(registered="ada@example.com"),
    lambda found: found["properties"] == {"first_name": "Ada", "points": 7}
    and sorted(event_types(found)) == ["purchase", "visit", "visit"]
    and {1533495544.343536, moment.timestamp()} < {event["timestamp"] for event in found["events"]},
)
step("get_html", lambda: plain.get_html("banner"), lambda data: True)
# No such route is known of the service of today: the client must read a refusal.
refused("export_analysis", lambda: plain.export_analysis("funnel", {"analysis_id": "5b6a"}), InvalidRequest, "")
step("get_segment", lambda: plain.get_segment("5b6a", timeout=5), None)
step("flush", plain.flush, None)
step("close", plain.close, None)

nobody = Infinario(TOKEN, target=URL, silent=False)
refused("update", lambda: nobody.update({"points": 7}), InvalidRequest, "At least one id should be specified")
stranger = Infinario("no-such-project", customer="ada@example.com", target=URL, silent=False)
refused("track", lambda: stranger.track("visit"), AuthenticationError, "")

buffered = Infinario(
    TOKEN,
    customer={"registered": "bea@example.com", "cookie": "tablet"},
    target=URL,
    silent=False,
    transport=AsynchronousTransport,
)
step("identify", lambda: buffered.identify({"registered": "bea@example.com", "cookie": "tablet"}), None)
step("update", lambda: buffered.update({"first_name": "Bea"}), None)
# More than fit into one bulk.
for number in range(60):
    buffered.track("visit", {"number": number})
step("flush", buffered.flush, None)
step("track", lambda: buffered.track("purchase", {"price": 7.99}, 1533495544), None)
step("close", buffered.close, None)
for thread in threading.enumerate():
    if thread is not threading.current_thread():
        thread.join(timeout=30)
step(
    "track",
    lambda: stored(cookie="tablet"),
    lambda found: found["ids"]["registered"] == "bea@example.com"
    and found["properties"] == {"first_name": "Bea"}
    and event_types(found).count("visit") == 60
    and event_types(found).count("purchase") == 1,
)

silent = Infinario(TOKEN, target=URL, transport=NullTransport)
step("flush", silent.flush, None)
step("close", silent.close, None)

finish([("", plain)])
