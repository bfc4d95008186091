/** Statements over the vault's tables of the bare server that opens sealed values: those come in hexadecimal digits. */

const address = `a.id, encode(a.sealed, 'hex') as sealed, a.id is not distinct from c.default_address_id as "isDefault"`;

const isDefaultMethod = 'p.id is not distinct from c.default_payment_method_id';

const paymentMethod = `p.id, p.token, p.type, encode(p.sealed, 'hex') as sealed, ${isDefaultMethod} as "isDefault",
  p.linked_at as "linkedAt",
  case when p.type = 'CARD' then json_build_object('brand', p.brand, 'lastFour', p.last_four,
    'expiry', json_build_object('month', p.expiry_month, 'year', p.expiry_year)) end as card,
  case when p.type = 'ACH' then json_build_object('bankAccountType', p.bank_account_type,
    'lastFour', p.last_four, 'verified', p.verified) end as ach`;

const customer = `c.id, c.token, c.version, encode(c.sealed, 'hex') as sealed, c.created_at as "createdAt",
  c.updated_at as "updatedAt",
  (select coalesce(json_agg(r), '[]') from (
    select ${address} from addresses a where a.merchant_id = $1 and a.customer_id = c.id
    order by a.id is not distinct from c.default_address_id desc, a.created_at, a.id
  ) r) as addresses,
  (select coalesce(json_agg(r), '[]') from (
    select ${paymentMethod} from payment_methods p where p.merchant_id = $1 and p.customer_id = c.id
    order by ${isDefaultMethod} desc, p.linked_at desc, p.id desc limit 5
  ) r) as "paymentMethods"`;

/** In all of them `$1` is the merchant, and `answer` what was found, as JSON. */
export const sealedStatements = {
  W1: `select row_to_json(x)::text as answer
    from (select ${customer} from customers c where c.merchant_id = $1 and c.id = $2) x`,
  W2: `with page as (
      select c.* from customers c
      where c.merchant_id = $1 and (c.created_at, c.id) < (coalesce($2::timestamptz, 'infinity'), $3::text)
      order by c.created_at desc, c.id desc limit 51
    ),
    shown as (select * from page order by created_at desc, id desc limit 50)
    select json_build_object(
      'nodes', (select coalesce(json_agg(r), '[]') from (
        select ${customer} from shown c order by c.created_at desc, c.id desc
      ) r),
      'pageInfo', json_build_object(
        'hasNextPage', (select count(*) from page) > 50,
        'endCursor', (select created_at || '|' || id from shown order by created_at, id limit 1)
      )
    )::text as answer`,
  W3: `with customer as (
      insert into customers (merchant_id, id, token, sealed, email_hash, phone_hash, reference_hash,
        default_address_id, created_at, updated_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
    ),
    search as (
      insert into customer_search (merchant_id, customer_id, terms, more_terms) values ($1, $2, $10, $11)
    )
    insert into addresses (merchant_id, customer_id, id, sealed, created_at, updated_at)
    select $1, $2, a.id, a.sealed, $9, $9 from unnest($12::text[], $13::bytea[]) as a (id, sealed)`,
  W4: `with target as (
      select 'CUSTOMER' as kind, c.id as customer_id, c.default_payment_method_id as payment_method_id
      from customers c where c.merchant_id = $1 and c.token = $2::uuid
      union all
      select 'PAYMENT_METHOD', p.customer_id, p.id
      from payment_methods p where p.merchant_id = $1 and p.token = $2::uuid
    )
    select json_build_object(
      'kind', t.kind,
      'customer', json_build_object('id', c.id, 'sealed', encode(c.sealed, 'hex')),
      'paymentMethod', (select row_to_json(r) from (
        select ${paymentMethod} from payment_methods p where p.merchant_id = $1 and p.id = t.payment_method_id
      ) r)
    )::text as answer
    from target t join customers c on c.merchant_id = $1 and c.id = t.customer_id`,
  W5: `with found as materialized (
      select c.id, c.sealed, c.created_at from customers c where c.merchant_id = $1 and c.id in (
        select s.customer_id from customer_search s
        where s.merchant_id = $1 and s.terms @> $2::bigint[] and (s.terms || s.more_terms) @> $3::bigint[]
      )
    )
    select json_build_object(
      'totalCount', (select count(*) from found),
      'nodes', (select coalesce(json_agg(r), '[]') from (
        select id, encode(sealed, 'hex') as sealed from found order by created_at desc, id desc limit 20
      ) r)
    )::text as answer`,
  W6: `with customer as (
      update customers c set version = version + 1, updated_at = $8,
        default_payment_method_id = case
          when exists (select from payment_methods p where p.merchant_id = $1 and p.customer_id = $2)
          then c.default_payment_method_id else $3 end
      where c.merchant_id = $1 and c.id = $2
      returning c.version, c.default_payment_method_id
    ),
    token as (
      insert into linked_tokens (merchant_id, provider, token_hash, linked_at) values ($1, 'sandbox', $7, $8)
    ),
    method as (
      insert into payment_methods (merchant_id, customer_id, id, token, provider, sealed, fingerprint,
        created_at, linked_at, updated_at, type, brand, last_four, expiry_month, expiry_year, cvc_check, address_check,
        token_type)
      values ($1, $2, $3, $4, 'sandbox', $5, $6, $9, $8, $8, 'CARD', $10, $11, $12, $13, $14, $15, $16)
    )
    select json_build_object(
      'version', version, 'isDefault', default_payment_method_id is not distinct from $3
    )::text as answer
    from customer`,
  token: `select json_build_object('sealed', encode(sealed, 'hex'), 'createdAt', created_at)::text as answer
    from sandbox_tokens where merchant_id = $1 and token_hash = $2`,
};
