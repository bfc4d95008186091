-- The same data in plain text for the servers that the vault is compared with: no keys, no hashes, no merchants.

create table customers (
  id text collate "C" primary key,
  token uuid not null unique,
  version integer not null,
  name text not null,
  email text,
  phone text,
  reference text unique,
  metadata jsonb,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  search tsvector generated always as (
    to_tsvector('simple', name || ' ' || coalesce(email, '') || ' ' || coalesce(reference, ''))
  ) stored
);

create index on customers (created_at, id);
create index on customers using gin (search);

create table addresses (
  id text collate "C" primary key,
  customer_id text collate "C" not null references customers (id) on delete cascade,
  label text not null,
  line1 text,
  line2 text,
  city text,
  state text,
  postal_code text,
  country text,
  is_default boolean not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);

create index on addresses (customer_id);

create table payment_methods (
  id text collate "C" primary key,
  customer_id text collate "C" not null references customers (id) on delete cascade,
  token uuid not null unique,
  provider_token text not null unique,
  type text not null,
  label text,
  brand text,
  last_four text not null,
  expiry_month smallint,
  expiry_year smallint,
  bank_account_type text,
  verified boolean,
  is_default boolean not null,
  created_at timestamptz(3) not null,
  linked_at timestamptz(3) not null,
  updated_at timestamptz(3) not null
);

create index on payment_methods (customer_id, linked_at);

create table sandbox_tokens (
  token text primary key,
  type text not null,
  brand text,
  last_four text not null,
  expiry_month smallint,
  expiry_year smallint
);
