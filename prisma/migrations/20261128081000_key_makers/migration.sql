-- additive
-- Which key made a key, and which of a key's secrets made a session. `schema.prisma` says why each constraint is
-- there. A server from before this migration can go on beside it: every new column has a default.

alter table api_keys
  add column secret_version integer not null default 1,
  add column created_by_key_id text collate "C",
  add column created_by_partner_key_id text collate "C",
  add constraint api_keys_created_by_check check (num_nonnulls(created_by_key_id, created_by_partner_key_id) <= 1),
  add constraint api_keys_merchant_id_created_by_key_id_fkey foreign key (merchant_id, created_by_key_id)
    references api_keys (merchant_id, id) on delete no action on update cascade,
  add constraint api_keys_created_by_partner_key_id_fkey foreign key (created_by_partner_key_id)
    references partner_keys (id) on delete set null on update cascade;

create index api_keys_merchant_id_created_by_key_id_idx on api_keys (merchant_id, created_by_key_id);
create index api_keys_created_by_partner_key_id_idx on api_keys (created_by_partner_key_id);

alter table partner_keys add column secret_version integer not null default 1;

alter table customer_sessions add column key_secret_version integer not null default 1;
