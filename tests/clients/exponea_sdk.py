"""exponea-python-sdk, every method; the steps are the same for all its releases."""

from exponea_python_sdk import Exponea
from exponea_python_sdk.exceptions import APIException
from steps import KEY_ID, SECRET, TOKEN, URL, finish, refused, step

ADA = {"registered": "ada@example.com", "cookie": "laptop"}
PROPERTIES = {"first_name": "Ada", "points": 7, "nickname": "", "tags": ["a", {"b": None}]}
CONSENT = {"action": "accept", "category": "newsletter", "valid_until": "unlimited"}
CUSTOMERS = f"/data/v2/projects/{TOKEN}/customers"
CATALOGS = f"/data/v2/projects/{TOKEN}/catalogs"

client = Exponea(TOKEN, username=KEY_ID, password=SECRET, url=URL)
tracking, customer, catalog, analyses = client.tracking, client.customer, client.catalog, client.analyses


def is_time(value):
    return isinstance(value, float) and 1.4e9 < value < 1e10


step("tracking.get_system_time", tracking.get_system_time, is_time)
step(
    "tracking.update_customer_properties",
    lambda: tracking.update_customer_properties(ADA, PROPERTIES),
    True,
)
step("tracking.add_event", lambda: tracking.add_event(ADA, "signed_up"), True)
step("tracking.add_event", lambda: tracking.add_event(ADA, "visit", {"page": "/"}, 1533495544.343536), True)
step("tracking.add_event", lambda: tracking.add_event(ADA, "consent", CONSENT), True)
step(
    "tracking.batch_commands",
    lambda: tracking.batch_commands(
        [
            tracking.update_customer_properties(ADA, {"points": 8}, batch=True),
            tracking.add_event(ADA, "visit", {"page": "/shoes"}, 1533495600, batch=True),
            tracking.get_system_time(batch=True),
            tracking.add_event({}, "visit", batch=True),
        ]
    ),
    lambda results: results[:2] == [True, True] and is_time(results[2]) and results[3] is False,
)
refused("tracking.batch_commands", lambda: tracking.batch_commands([]), APIException, "No commands")
refused(
    "tracking.add_event",
    lambda: tracking.add_event({}, "visit"),
    APIException,
    "At least one id should be specified.",
)

step(
    "customer.get_customer",
    lambda: customer.get_customer({"registered": "ada@example.com"}),
    lambda found: found["ids"]["registered"] == "ada@example.com"
    and found["ids"]["cookie"] == ["laptop"]
    and found["properties"] == {**PROPERTIES, "points": 8}
    and [event["type"] for event in found["events"]].count("visit") == 2,
)
refused(
    "customer.get_customer",
    lambda: customer.get_customer({"registered": "nobody@example.com"}),
    APIException,
    "Customer does not exist",
)
step(
    "customer.get_customer_attributes",
    lambda: customer.get_customer_attributes(
        ADA,
        properties=["first_name", "shoe_size"],
        ids=["registered", "cookie"],
    ),
    {
        "properties": {"first_name": "Ada", "shoe_size": None},
        "ids": {"registered": "ada@example.com", "cookie": ["laptop"]},
    },
)
# The project has no such definitions: a failure of each attribute, which the client reads as None.
step(
    "customer.get_customer_attributes",
    lambda: customer.get_customer_attributes(
        ADA,
        segmentations=["5b6a"],
        expressions=["5b6b"],
        aggregations=["5b6c"],
        predictions=["5b6d"],
    ),
    {
        "segmentations": {"5b6a": None},
        "expressions": {"5b6b": None},
        "aggregations": {"5b6c": None},
        "predictions": {"5b6d": None},
    },
)
step(
    "customer.get_customer_consents",
    lambda: customer.get_customer_consents(ADA, ["newsletter", "sms"]),
    {"newsletter": True, "sms": False},
)
step(
    "customer.get_events",
    lambda: customer.get_events(ADA, ["visit"]),
    [
        {"type": "visit", "timestamp": 1533495544.343536, "properties": {"page": "/"}},
        {"type": "visit", "timestamp": 1533495600.0, "properties": {"page": "/shoes"}},
    ],
)
step(
    "customer.get_customers",
    customer.get_customers,
    lambda found: [person["ids"]["cookie"] for person in found] == [["laptop"]]
    and found[0]["properties"]["first_name"] == "Ada",
)

shoes = step("catalog.create_catalog", lambda: catalog.create_catalog("shoes", ["title", "price"]), bool)
step("catalog.get_catalog_name", lambda: catalog.get_catalog_name(shoes), "shoes")
step("catalog.create_catalog_item", lambda: catalog.create_catalog_item(shoes, "1", {"title": "Boot"}), True)
step("catalog.create_catalog_item", lambda: catalog.create_catalog_item(shoes, "2", {"title": "Clog"}), True)
step("catalog.update_catalog_item", lambda: catalog.update_catalog_item(shoes, "1", {"price": 40}), True)


def titles(answer):
    return [item["properties"]["title"] for item in answer["data"]]


step(
    "catalog.get_catalog_items",
    lambda: catalog.get_catalog_items(shoes),
    lambda answer: titles(answer) == ["Boot", "Clog"] and answer["data"][0]["properties"]["price"] == 40,
)
if "urlencode" in catalog.get_catalog_items.__globals__:
    some = {"query": "Clog", "field": "title", "count": 5, "skip": 0}
    step(
        "catalog.get_catalog_items",
        lambda: catalog.get_catalog_items(shoes, some),
        lambda answer: titles(answer) == ["Clog"],
    )
else:
    # Releases before 0.1.8 forget to import what encodes a query.
    refused(
        "catalog.get_catalog_items",
        lambda: catalog.get_catalog_items(shoes, {"count": 5}),
        NameError,
        "urlencode",
    )
step(
    "catalog.update_catalog_name",
    lambda: catalog.update_catalog_name(shoes, "boots", ["title", "price"]),
    True,
)
step("catalog.get_catalog_name", lambda: catalog.get_catalog_name(shoes), "boots")
step("catalog.delete_catalog_item", lambda: catalog.delete_catalog_item(shoes, "1"), True)
step(
    "catalog.get_catalog_items",
    lambda: catalog.get_catalog_items(shoes),
    lambda answer: titles(answer) == ["Clog"],
)
step("catalog.delete_catalog_items", lambda: catalog.delete_catalog_items(shoes), True)
step(
    "catalog.get_catalog_items",
    lambda: catalog.get_catalog_items(shoes),
    lambda answer: titles(answer) == [],
)
step("catalog.delete_catalog", lambda: catalog.delete_catalog(shoes), True)
refused("catalog.get_catalog_name", lambda: catalog.get_catalog_name(shoes), APIException, "")

# Analyses are declared only; the client must read why.
for kind in ["funnel", "report", "segmentation"]:
    get = getattr(analyses, f"get_{kind}")
    refused(f"analyses.get_{kind}", lambda: get("5b6a"), APIException, "not")
refused("analyses.get_analysis", lambda: analyses.get_analysis("report", "5b6a"), APIException, "not")

if hasattr(client, "get"):
    step("get", lambda: client.get(CATALOGS)["success"], True)
    step("post", lambda: client.post(f"{CUSTOMERS}/export-one", {"customer_ids": ADA})["success"], True)
    created = client.post(CATALOGS, {"name": "hats", "fields": [{"name": "title"}]})["id"]
    step("put", lambda: client.put(f"{CATALOGS}/{created}/items/1", {"properties": {}})["success"], True)
    step("delete", lambda: client.delete(f"{CATALOGS}/{created}")["success"], True)
step("request", lambda: client.request("POST", f"{CUSTOMERS}/export-one", {"customer_ids": ADA})["success"], True)
refused("request", lambda: client.request("POST", f"{CUSTOMERS}/export-one", {}), APIException, "customer")

step("customer.anonymize_customer", lambda: customer.anonymize_customer(ADA), True)
refused("customer.get_customer", lambda: customer.get_customer(ADA), APIException, "Customer does not exist")

for user, secret, words in [
    (KEY_ID, "wrong", "invalid secret"),
    ("nobody", SECRET, "access key not found"),
    ("", "", "Access key not provided"),
]:
    other = Exponea(TOKEN, username=user, password=secret, url=URL)
    refused("tracking.get_system_time", other.tracking.get_system_time, APIException, words)
# It takes the project's token as the user's name, which no key has.
client.configure(project_token=TOKEN, username=KEY_ID, password=SECRET, url=URL)
refused("configure", tracking.get_system_time, APIException, "access key not found")

finish(
    [
        ("", client),
        ("tracking.", tracking),
        ("customer.", customer),
        ("catalog.", catalog),
        ("analyses.", analyses),
    ]
)
