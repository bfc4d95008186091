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

-- What PostGraphile cannot make of tables alone, as its documentation shows it: functions.

create function search_customers(words text) returns setof customers language sql stable as $$
  with found as materialized (
    select * from customers
    where search @@ to_tsquery('simple', regexp_replace(trim(words), '\s+', ':* & ', 'g') || ':*')
  )
  select * from found order by created_at desc, id desc
$$;

create function create_customer_with_addresses(customer json, addresses json) returns customers
language plpgsql volatile as $$
declare
  made customers;
begin
  insert into customers (id, token, version, name, email, phone, reference, metadata, created_at, updated_at)
  select new_id(), gen_random_uuid(), 1, c.name, c.email, c.phone, c.reference, c.metadata, now(), now()
  from json_to_record(customer) as c (name text, email text, phone text, reference text, metadata jsonb)
  returning * into made;
  insert into addresses (id, customer_id, label, line1, line2, city, state, postal_code, country, is_default,
    created_at, updated_at)
  select new_id(), made.id, a.label, a.line1, a.line2, a.city, a.state, a."postalCode", a.country, a.place = 1,
    now(), now()
  from rows from (
    json_to_recordset(addresses) as (
      label text, line1 text, line2 text, city text, state text, "postalCode" text, country text
    )
  ) with ordinality as a (label, line1, line2, city, state, "postalCode", country, place);
  return made;
end
$$;

create function new_id() returns text language sql volatile as $$
  select lpad(to_hex(extract(epoch from now())::bigint), 8, '0') || substr(md5(random()::text), 1, 16)
$$;
comment on function new_id is E'@omit';

-- PostGraphile orders by indexed columns only unless it is told that others are fine.
comment on column addresses.is_default is E'@behavior +orderBy';
comment on column addresses.created_at is E'@behavior +orderBy';
comment on column payment_methods.is_default is E'@behavior +orderBy';
