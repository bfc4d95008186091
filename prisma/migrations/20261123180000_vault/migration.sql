-- The vault's tables. `schema.prisma` says why each constraint is there; what its language has no word for
-- (collations, checks, partial indexes, the runtime role) stands only here.

-- Mended for logins that may not make roles; what it leaves is the same.
-- checksum: 5331696afbe791fe5111e196feb65b4f6a10355f9ea6f2c5207c3cba78b2823a

-- The role that the server's connections act in. It owns nothing and can only read and write rows.
-- Roles belong to the whole cluster: another vault's database on it, or an administrator, may have made the role already.
do $$
begin
  if not exists (select from pg_roles where rolname = 'vault_runtime') then
    create role vault_runtime nologin;
  end if;
exception
  when duplicate_object or unique_violation then null;
end
$$;

do $$
declare
  -- PostgreSQL 16 and newer: who makes a role is its member, but may not act in it.
  knows_set constant boolean := current_setting('server_version_num')::int >= 160000;
begin
  -- Otherwise `options=-c role=vault_runtime` is refused; superusers need no grant.
  if not pg_has_role(current_user, 'vault_runtime', case when knows_set then 'SET' else 'MEMBER' end) then
    execute format('grant vault_runtime to %I', current_user) || case when knows_set then ' with set true' else '' end;
  end if;
  execute format('grant usage on schema %I to vault_runtime', current_schema());
  -- What everybody may do by default, the runtime role may too: before PostgreSQL 15 make tables in the schema,
  -- and to this day temporary ones.
  execute format('revoke create on schema %I from public', current_schema());
  execute format('revoke temporary on database %I from public', current_database());
end
$$;

create table merchants (
  id text collate "C" not null,
  name text not null,
  mode text not null,
  created_at timestamptz(3) not null,

  constraint merchants_pkey primary key (id),
  constraint merchants_id_check check (id ~ '^[0-9a-f]{24}$'),
  constraint merchants_mode_check check (mode in ('test', 'live'))
);

create table key_encryption_keys (
  id text not null,
  check_value bytea not null,
  created_at timestamptz(3) not null,

  constraint key_encryption_keys_pkey primary key (id)
);

create table merchant_keys (
  merchant_id text collate "C" not null,
  key_id integer not null,
  key_encryption_key_id text not null,
  wrapped bytea not null,
  is_current boolean not null,
  created_at timestamptz(3) not null,

  constraint merchant_keys_pkey primary key (merchant_id, key_id),
  constraint merchant_keys_key_id_check check (key_id > 0),
  constraint merchant_keys_merchant_id_fkey foreign key (merchant_id)
    references merchants (id) on delete cascade on update cascade,
  constraint merchant_keys_key_encryption_key_id_fkey foreign key (key_encryption_key_id)
    references key_encryption_keys (id) on delete restrict on update cascade
);

create unique index merchant_keys_one_current on merchant_keys (merchant_id) where is_current;

create table api_keys (
  merchant_id text collate "C" not null,
  id text collate "C" not null,
  label text not null,
  preview text not null,
  secret_hash bytea not null,
  scopes text[],
  created_at timestamptz(3) not null,
  expires_at timestamptz(3),
  revoked_at timestamptz(3),

  constraint api_keys_pkey primary key (merchant_id, id),
  constraint api_keys_secret_hash_check check (octet_length(secret_hash) = 32),
  constraint api_keys_scopes_check check (scopes is not null),
  constraint api_keys_merchant_id_fkey foreign key (merchant_id)
    references merchants (id) on delete cascade on update cascade
);

create unique index api_keys_id_key on api_keys (id);

create table customers (
  merchant_id text collate "C" not null,
  id text collate "C" not null,
  token uuid not null,
  version integer not null default 1,
  sealed bytea not null,
  email_hash bytea,
  phone_hash bytea,
  reference_hash bytea,
  default_address_id text collate "C",
  default_payment_method_id text collate "C",
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,

  constraint customers_pkey primary key (merchant_id, id),
  constraint customers_id_check check (id ~ '^[0-9a-f]{24}$'),
  constraint customers_version_check check (version > 0),
  constraint customers_hashes_check check (
    octet_length(email_hash) = 32 and octet_length(phone_hash) = 32 and octet_length(reference_hash) = 32
  ),
  constraint customers_merchant_id_fkey foreign key (merchant_id)
    references merchants (id) on delete restrict on update cascade
);

create unique index customers_merchant_id_token_key on customers (merchant_id, token);
create unique index customers_merchant_id_reference_hash_key on customers (merchant_id, reference_hash);
create index customers_merchant_id_created_at_id_idx on customers (merchant_id, created_at, id);
create index customers_merchant_id_updated_at_id_idx on customers (merchant_id, updated_at, id);
create index customers_merchant_id_email_hash_idx on customers (merchant_id, email_hash);
create index customers_merchant_id_phone_hash_idx on customers (merchant_id, phone_hash);

create table customer_search (
  merchant_id text collate "C" not null,
  customer_id text collate "C" not null,
  terms bigint[],

  constraint customer_search_pkey primary key (merchant_id, customer_id),
  constraint customer_search_terms_check check (terms is not null),
  constraint customer_search_merchant_id_customer_id_fkey foreign key (merchant_id, customer_id)
    references customers (merchant_id, id) on delete cascade on update cascade
);

create index customer_search_terms_idx on customer_search using gin (terms);

create table addresses (
  merchant_id text collate "C" not null,
  id text collate "C" not null,
  customer_id text collate "C" not null,
  sealed bytea not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,

  constraint addresses_pkey primary key (merchant_id, id),
  constraint addresses_id_check check (id ~ '^[0-9a-f]{24}$'),
  constraint addresses_merchant_id_customer_id_fkey foreign key (merchant_id, customer_id)
    references customers (merchant_id, id) on delete cascade on update cascade
);

create unique index addresses_merchant_id_customer_id_id_key on addresses (merchant_id, customer_id, id);

create table payment_methods (
  merchant_id text collate "C" not null,
  id text collate "C" not null,
  customer_id text collate "C" not null,
  token uuid not null,
  provider text not null,
  type text not null,
  brand text,
  last_four text not null,
  expiry_month smallint,
  expiry_year smallint,
  cvc_check text,
  address_check text,
  token_type text,
  bank_account_type text,
  verified boolean,
  fingerprint bytea,
  sealed bytea not null,
  created_at timestamptz(3) not null,
  linked_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,

  constraint payment_methods_pkey primary key (merchant_id, id),
  constraint payment_methods_id_check check (id ~ '^[0-9a-f]{24}$'),
  constraint payment_methods_last_four_check check (last_four ~ '^[0-9]{4}$'),
  -- A row is a card with all that a card has, or an account with all that an account has.
  constraint payment_methods_type_check check (
    case type
      when 'CARD' then
        num_nulls(brand, expiry_month, expiry_year, cvc_check, address_check, token_type) = 0
        and num_nonnulls(bank_account_type, verified) = 0
        and brand in ('VISA', 'MASTERCARD', 'AMEX', 'DISCOVER', 'DINERS', 'JCB', 'UNION_PAY', 'UNKNOWN')
        and expiry_month between 1 and 12
        and expiry_year between 1000 and 9999
        and cvc_check in ('FULL_MATCH', 'PARTIAL_MATCH', 'NO_MATCH', 'NOT_VERIFIED')
        and address_check in ('FULL_MATCH', 'PARTIAL_MATCH', 'NO_MATCH', 'NOT_VERIFIED')
        and token_type in ('PLATFORM', 'NETWORK')
      when 'ACH' then
        num_nonnulls(brand, expiry_month, expiry_year, cvc_check, address_check, token_type) = 0
        and num_nulls(bank_account_type, verified) = 0
        and bank_account_type in ('CHECKING', 'SAVINGS')
      else false
    end
  ),
  constraint payment_methods_merchant_id_customer_id_fkey foreign key (merchant_id, customer_id)
    references customers (merchant_id, id) on delete cascade on update cascade
);

create unique index payment_methods_merchant_id_customer_id_id_key
  on payment_methods (merchant_id, customer_id, id);
create unique index payment_methods_merchant_id_token_key on payment_methods (merchant_id, token);
create index payment_methods_merchant_id_customer_id_linked_at_id_idx
  on payment_methods (merchant_id, customer_id, linked_at, id);
create index payment_methods_merchant_id_customer_id_fingerprint_idx
  on payment_methods (merchant_id, customer_id, fingerprint);
create index payment_methods_merchant_id_last_four_idx on payment_methods (merchant_id, last_four);

-- The defaults of a customer. Only the default's own column is set to null when what it names goes.
-- PostgreSQL 14 cannot name that column: there the constraint refuses instead, and since every statement of
-- ours clears the default together with the row it named, nobody notices.
do $$
declare
  on_delete text := case
    when current_setting('server_version_num')::integer >= 150000 then 'on delete set null (%I)'
    else 'on delete no action'
  end;
begin
  execute format(
    'alter table customers add constraint customers_merchant_id_id_default_address_id_fkey
       foreign key (merchant_id, id, default_address_id)
       references addresses (merchant_id, customer_id, id) ' || on_delete || ' on update cascade',
    'default_address_id'
  );
  execute format(
    'alter table customers add constraint customers_merchant_id_id_default_payment_method_id_fkey
       foreign key (merchant_id, id, default_payment_method_id)
       references payment_methods (merchant_id, customer_id, id) ' || on_delete || ' on update cascade',
    'default_payment_method_id'
  );
end
$$;

create table linked_tokens (
  merchant_id text collate "C" not null,
  provider text not null,
  token_hash bytea not null,
  linked_at timestamptz(3) not null,

  constraint linked_tokens_pkey primary key (merchant_id, provider, token_hash),
  constraint linked_tokens_token_hash_check check (octet_length(token_hash) = 32)
);

create table sandbox_tokens (
  merchant_id text collate "C" not null,
  token_hash bytea not null,
  sealed bytea not null,
  created_at timestamptz(3) not null,

  constraint sandbox_tokens_pkey primary key (merchant_id, token_hash)
);

grant select, insert, update, delete on
  merchants, key_encryption_keys, merchant_keys, api_keys, customers, customer_search, addresses,
  payment_methods, linked_tokens, sandbox_tokens
to vault_runtime;
