-- additive
-- Ids never change, so no foreign key needs an `on update`. Those of a customer's defaults refuse instead of clearing
-- the default, and are asked when the transaction ends: every statement that deletes what is the default clears it
-- itself, on PostgreSQL 14 it had to from the first. A server from before this migration can go on beside it: it writes
-- nothing that is refused now.
--
-- Each is made without a look at the rows that are there, so that the tables are locked for a moment only. They were
-- held to the same; the next migration looks at them, while others read and write.

alter table merchants drop constraint merchants_partner_id_fkey;
alter table merchants add constraint merchants_partner_id_fkey foreign key (partner_id)
  references partners (id) on delete restrict not valid;

alter table partner_keys drop constraint partner_keys_partner_id_fkey;
alter table partner_keys add constraint partner_keys_partner_id_fkey foreign key (partner_id)
  references partners (id) on delete cascade not valid;

alter table merchant_keys drop constraint merchant_keys_merchant_id_fkey;
alter table merchant_keys add constraint merchant_keys_merchant_id_fkey foreign key (merchant_id)
  references merchants (id) on delete cascade not valid;

alter table merchant_keys drop constraint merchant_keys_key_encryption_key_id_fkey;
alter table merchant_keys add constraint merchant_keys_key_encryption_key_id_fkey foreign key (key_encryption_key_id)
  references key_encryption_keys (id) on delete restrict not valid;

alter table api_keys drop constraint api_keys_merchant_id_fkey;
alter table api_keys add constraint api_keys_merchant_id_fkey foreign key (merchant_id)
  references merchants (id) on delete cascade not valid;

alter table api_keys drop constraint api_keys_merchant_id_created_by_key_id_fkey;
alter table api_keys add constraint api_keys_merchant_id_created_by_key_id_fkey foreign key (merchant_id, created_by_key_id)
  references api_keys (merchant_id, id) on delete no action not valid;

alter table api_keys drop constraint api_keys_created_by_partner_key_id_fkey;
alter table api_keys add constraint api_keys_created_by_partner_key_id_fkey foreign key (created_by_partner_key_id)
  references partner_keys (id) on delete set null not valid;

alter table customers drop constraint customers_merchant_id_fkey;
alter table customers add constraint customers_merchant_id_fkey foreign key (merchant_id)
  references merchants (id) on delete restrict not valid;

alter table customer_search drop constraint customer_search_merchant_id_customer_id_fkey;
alter table customer_search add constraint customer_search_merchant_id_customer_id_fkey foreign key (merchant_id, customer_id)
  references customers (merchant_id, id) on delete cascade not valid;

alter table addresses drop constraint addresses_merchant_id_customer_id_fkey;
alter table addresses add constraint addresses_merchant_id_customer_id_fkey foreign key (merchant_id, customer_id)
  references customers (merchant_id, id) on delete cascade not valid;

alter table payment_methods drop constraint payment_methods_merchant_id_customer_id_fkey;
alter table payment_methods add constraint payment_methods_merchant_id_customer_id_fkey foreign key (merchant_id, customer_id)
  references customers (merchant_id, id) on delete cascade not valid;

alter table customers drop constraint customers_merchant_id_id_default_address_id_fkey;
alter table customers add constraint customers_merchant_id_id_default_address_id_fkey foreign key (merchant_id, id, default_address_id)
  references addresses (merchant_id, customer_id, id) on delete no action deferrable initially deferred not valid;

alter table customers drop constraint customers_merchant_id_id_default_payment_method_id_fkey;
alter table customers add constraint customers_merchant_id_id_default_payment_method_id_fkey foreign key (merchant_id, id, default_payment_method_id)
  references payment_methods (merchant_id, customer_id, id) on delete no action deferrable initially deferred not valid;

alter table customer_sessions drop constraint customer_sessions_merchant_id_customer_id_fkey;
alter table customer_sessions add constraint customer_sessions_merchant_id_customer_id_fkey foreign key (merchant_id, customer_id)
  references customers (merchant_id, id) on delete cascade not valid;

alter table customer_sessions drop constraint customer_sessions_merchant_id_api_key_id_fkey;
alter table customer_sessions add constraint customer_sessions_merchant_id_api_key_id_fkey foreign key (merchant_id, api_key_id)
  references api_keys (merchant_id, id) on delete cascade not valid;

alter table customer_sessions drop constraint customer_sessions_partner_key_id_fkey;
alter table customer_sessions add constraint customer_sessions_partner_key_id_fkey foreign key (partner_key_id)
  references partner_keys (id) on delete cascade not valid;
