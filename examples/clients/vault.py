"""Creates a customer, once however often it has to be sent, and lists all: VAULT_URL=… VAULT_KEY=… python3 vault.py NAME"""

import http.client, json, os, random, sys, time, urllib.error, urllib.request, uuid

AGAIN = {"DATABASE_UNAVAILABLE", "OVERLOADED", "TIMEOUT", "STORAGE_FULL", "PROVIDER_UNAVAILABLE"}

CREATE = """mutation Create($input: CreateCustomerInput!) {
  createCustomer(input: $input) { customer { id } userErrors { code field message } }
}"""

PAGE = """query Page($after: String) {
  customers(first: 50, after: $after) { nodes { id name } pageInfo { hasNextPage endCursor } }
}"""


class VaultError(Exception):
    """What the caller cannot mend; `codes` says what."""

    def __init__(self, errors):
        super().__init__(errors[0]["message"])
        self.codes = {error["extensions"]["code"] for error in errors}


def ask(query, variables, headers={}):
    """Sends an operation once and gives its data."""
    request = urllib.request.Request(
        os.environ["VAULT_URL"] + "/graphql",
        json.dumps({"query": query, "variables": variables}).encode(),
        {"Content-Type": "application/json", "Authorization": "Bearer " + os.environ["VAULT_KEY"], **headers},
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        answer = json.load(error)
    if answer.get("errors"):
        raise VaultError(answer["errors"])
    return answer["data"]


def create_customer(customer):
    """Each try has the same idempotency key, and waits longer."""
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    for wait in [0.1 * 2**attempt for attempt in range(8)]:
        try:
            payload = ask(CREATE, {"input": customer}, headers)["createCustomer"]
            if all(error["code"] != "IDEMPOTENCY_IN_PROGRESS" for error in payload["userErrors"]):
                return payload
        except VaultError as error:
            if not error.codes <= AGAIN:
                raise
        except (OSError, http.client.HTTPException):
            pass  # Nobody knows whether it was done.
        time.sleep(wait * random.uniform(0.5, 1.5))
    raise TimeoutError("The vault does not answer.")


def customers():
    """Every customer, newest first, a page at a time."""
    after, more = None, True
    while more:
        page = ask(PAGE, {"after": after})["customers"]
        yield from page["nodes"]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]


payload = create_customer({"name": sys.argv[1], "metadata": {"from": "Python"}})
if payload["userErrors"]:
    sys.exit(json.dumps(payload["userErrors"]))
print("Created", payload["customer"]["id"])
for customer in customers():
    print(customer["id"], customer["name"])
