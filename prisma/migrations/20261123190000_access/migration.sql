-- Partners, customer sessions, and what keys have beside their secret. `schema.prisma` says why each constraint
-- is there; collations and checks stand only here.

create table partners (
  id text collate "C" not null,
  name text not null,
  created_at timestamptz(3) not null,

  constraint partners_pkey primary key (id),
  constraint partners_id_check check (id ~ '^[0-9a-f]{24}$')
);

alter table merchants
  add column partner_id text collate "C",
  add constraint merchants_partner_id_fkey foreign key (partner_id)
    references partners (id) on delete restrict on update cascade;

create index merchants_partner_id_created_at_id_idx on merchants (partner_id, created_at, id);

alter table api_keys
  add column last_used_at timestamptz(3),
  add column old_hash bytea,
  add column old_until timestamptz(3),
  add constraint api_keys_old_check check (
    num_nulls(old_hash, old_until) in (0, 2) and octet_length(old_hash) = 32
  );

create table partner_keys (
  id text collate "C" not null,
  partner_id text collate "C" not null,
  mode text not null,
  label text not null,
  preview text not null,
  secret_hash bytea not null,
  scopes text[],
  created_at timestamptz(3) not null,
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  last_used_at timestamptz(3),
  old_hash bytea,
  old_until timestamptz(3),

  constraint partner_keys_pkey primary key (id),
  constraint partner_keys_mode_check check (mode in ('test', 'live')),
  constraint partner_keys_secret_hash_check check (octet_length(secret_hash) = 32),
  constraint partner_keys_scopes_check check (scopes is not null),
  constraint partner_keys_old_check check (
    num_nulls(old_hash, old_until) in (0, 2) and octet_length(old_hash) = 32
  ),
  constraint partner_keys_partner_id_fkey foreign key (partner_id)
    references partners (id) on delete cascade on update cascade
);

create index partner_keys_partner_id_id_idx on partner_keys (partner_id, id);

create table customer_sessions (
  merchant_id text collate "C" not null,
  id text collate "C" not null,
  customer_id text collate "C" not null,
  api_key_id text collate "C",
  partner_key_id text collate "C",
  secret_hash bytea not null,
  permissions text[],
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null,

  constraint customer_sessions_pkey primary key (merchant_id, id),
  constraint customer_sessions_secret_hash_check check (octet_length(secret_hash) = 32),
  constraint customer_sessions_permissions_check check (coalesce(cardinality(permissions), 0) > 0),
  constraint customer_sessions_maker_check check (num_nonnulls(api_key_id, partner_key_id) = 1),
  constraint customer_sessions_merchant_id_customer_id_fkey foreign key (merchant_id, customer_id)
    references customers (merchant_id, id) on delete cascade on update cascade,
  constraint customer_sessions_merchant_id_api_key_id_fkey foreign key (merchant_id, api_key_id)
    references api_keys (merchant_id, id) on delete cascade on update cascade,
  constraint customer_sessions_partner_key_id_fkey foreign key (partner_key_id)
    references partner_keys (id) on delete cascade on update cascade
);

create unique index customer_sessions_id_key on customer_sessions (id);
create index customer_sessions_merchant_id_customer_id_idx on customer_sessions (merchant_id, customer_id);
create index customer_sessions_merchant_id_api_key_id_idx on customer_sessions (merchant_id, api_key_id);
create index customer_sessions_partner_key_id_idx on customer_sessions (partner_key_id);
create index customer_sessions_merchant_id_expires_at_idx on customer_sessions (merchant_id, expires_at);

grant select, insert, update, delete on partners, partner_keys, customer_sessions to vault_runtime;
