<?php
// Creates a customer, once however often it has to be sent, and lists all: VAULT_URL=… VAULT_KEY=… php vault.php NAME

const AGAIN = ['DATABASE_UNAVAILABLE', 'OVERLOADED', 'TIMEOUT', 'STORAGE_FULL', 'PROVIDER_UNAVAILABLE'];

const CREATE = 'mutation Create($input: CreateCustomerInput!) {
  createCustomer(input: $input) { customer { id } userErrors { code field message } }
}';

const PAGE = 'query Page($after: String) {
  customers(first: 50, after: $after) { nodes { id name } pageInfo { hasNextPage endCursor } }
}';

/** Sends an operation once and gives the answer; null where none came. */
function ask(string $query, array $variables, array $headers = []): ?array
{
    $http = [
        'method' => 'POST',
        'header' => ['Content-Type: application/json', 'Authorization: Bearer ' . getenv('VAULT_KEY'), ...$headers],
        'content' => json_encode(['query' => $query, 'variables' => $variables], JSON_THROW_ON_ERROR),
        'timeout' => 20,
        'ignore_errors' => true, // An answer with a status like 503 has a body, too.
    ];
    $body = @file_get_contents(getenv('VAULT_URL') . '/graphql', false, stream_context_create(['http' => $http]));
    return $body ? json_decode($body, true) : null;
}

/** What the caller cannot mend is thrown. */
function dataOf(?array $answer): array
{
    if (!$answer || isset($answer['errors'])) {
        throw new RuntimeException($answer['errors'][0]['message'] ?? 'The vault does not answer.');
    }
    return $answer['data'];
}

/** Whether the same call should be sent again, with the same key. */
function again(?array $answer): bool
{
    $codes = array_map(fn ($error) => $error['extensions']['code'], $answer['errors'] ?? []);
    $mendable = array_column($answer['data']['createCustomer']['userErrors'] ?? [], 'code');
    return !$answer || in_array('IDEMPOTENCY_IN_PROGRESS', $mendable) || ($codes && !array_diff($codes, AGAIN));
}

/** Each try has the same idempotency key, and waits longer. */
function createCustomer(array $customer): array
{
    $headers = ['Idempotency-Key: ' . bin2hex(random_bytes(16))];
    for ($try = 0; $try < 8; $try++) {
        $answer = ask(CREATE, ['input' => $customer], $headers);
        if (!again($answer)) {
            break;
        }
        usleep(random_int(50_000, 150_000) * 2 ** $try);
    }
    return dataOf($answer)['createCustomer'];
}

/** Every customer, newest first, a page at a time. */
function customers(): Generator
{
    $after = null;
    do {
        $page = dataOf(ask(PAGE, ['after' => $after]))['customers'];
        yield from $page['nodes'];
        $after = $page['pageInfo']['endCursor'];
    } while ($page['pageInfo']['hasNextPage']);
}

$payload = createCustomer(['name' => $argv[1], 'metadata' => ['from' => 'PHP']]);
if ($payload['userErrors']) {
    fwrite(STDERR, json_encode($payload['userErrors']) . "\n");
    exit(1);
}
echo "Created {$payload['customer']['id']}\n";
foreach (customers() as $customer) {
    echo $customer['id'], ' ', $customer['name'], "\n";
}
