-- What was carried out under an idempotency key. It is written in the mutation's own transaction, and holds keyed
-- hashes, ids and flags: nothing that a person could be recognised by.

create table idempotency_records (
  merchant_id text collate "C" not null,
  key_hash bytea not null,
  arguments_hash bytea not null,
  result jsonb not null,
  -- By the database's clock, which all servers share.
  created_at timestamptz(3) not null default current_timestamp,

  constraint idempotency_records_pkey primary key (merchant_id, key_hash),
  constraint idempotency_records_hashes_check check (
    octet_length(key_hash) = 32 and octet_length(arguments_hash) = 32
  )
);

-- For the removal of those whose time is over, of all merchants.
create index idempotency_records_created_at_idx on idempotency_records (created_at);

grant select, insert, update, delete on idempotency_records to vault_runtime;
