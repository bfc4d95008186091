-- 100,000 customers of 50 merchants with an address, a payment method and search terms each. Nobody can open what
-- is sealed in them: they are there for the planner.
insert into merchants (id, name, mode, created_at)
select lpad(to_hex(m), 24, '0'), 'Many', 'test', now() from generate_series(1, 50) m;

insert into customers (merchant_id, id, token, sealed, email_hash, phone_hash, reference_hash, created_at, updated_at)
select lpad(to_hex(1 + n % 50), 24, '0'), lpad(to_hex(n), 24, 'c'), gen_random_uuid(), sha256(n::text::bytea),
  sha256(('e' || n)::bytea), sha256(('p' || n)::bytea), sha256(('r' || n)::bytea),
  timestamptz '2024-01-01' + n * interval '1 minute', timestamptz '2025-01-01' + n * interval '1 minute'
from generate_series(1, 100000) n;

insert into customer_search (merchant_id, customer_id, terms)
select merchant_id, id, array[hashtextextended(id, 1), hashtextextended(id, 2), hashtextextended(right(id, 3), 3)]
from customers;

insert into addresses (merchant_id, id, customer_id, sealed, created_at, updated_at)
select merchant_id, 'a' || substr(id, 2), id, sealed, created_at, created_at from customers;

insert into payment_methods (
  merchant_id, id, customer_id, token, provider, type, brand, last_four, expiry_month, expiry_year, cvc_check,
  address_check, token_type, fingerprint, sealed, created_at, linked_at, updated_at
)
select merchant_id, 'd' || substr(id, 2), id, gen_random_uuid(), 'sandbox', 'CARD', 'VISA',
  lpad((hashtext(id) & 8191)::text, 4, '0'), 12, 2035, 'FULL_MATCH', 'FULL_MATCH', 'PLATFORM', sha256(id::bytea),
  sealed, created_at, created_at, created_at
from customers;

insert into linked_tokens (merchant_id, provider, token_hash, linked_at)
select merchant_id, provider, sha256(id::bytea), linked_at from payment_methods;

insert into sandbox_tokens (merchant_id, token_hash, sealed, created_at)
select merchant_id, token_hash, token_hash, linked_at from linked_tokens;

analyze;
