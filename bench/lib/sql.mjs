/** Statements over the plain tables. Those of the bare server make the whole answer in PostgreSQL. */

const address = `a.id, a.label, a.line1, a.line2, a.city, a.state, a.postal_code as "postalCode", a.country,
  a.is_default as "isDefault"`;

const paymentMethod = `p.id, p.token, p.type, p.label, p.is_default as "isDefault", p.linked_at as "linkedAt",
  case when p.type = 'CARD' then json_build_object('brand', p.brand, 'lastFour', p.last_four,
    'expiry', json_build_object('month', p.expiry_month, 'year', p.expiry_year)) end as card,
  case when p.type = 'ACH' then json_build_object('bankAccountType', p.bank_account_type,
    'lastFour', p.last_four, 'verified', p.verified) end as ach`;

const customer = `c.id, c.token, c.version, c.reference, c.name, c.email, c.phone, c.created_at as "createdAt",
  c.updated_at as "updatedAt",
  (select coalesce(json_agg(r), '[]') from (
    select ${address} from addresses a where a.customer_id = c.id
    order by a.is_default desc, a.created_at, a.id
  ) r) as addresses,
  json_build_object('nodes', (select coalesce(json_agg(r), '[]') from (
    select ${paymentMethod} from payment_methods p where p.customer_id = c.id
    order by p.is_default desc, p.linked_at desc, p.id desc limit 5
  ) r)) as "paymentMethods"`;

const answer = (name, value) =>
  `json_build_object('data', json_build_object('${name}', ${value}))::text as answer`;

const words = (parameter) =>
  `to_tsquery('simple', regexp_replace(trim(${parameter}), '\\s+', ':* & ', 'g') || ':*')`;

export const bareStatements = {
  W1: `select ${answer('customer', 'row_to_json(x)')}
    from (values (1)) v left join lateral (select ${customer} from customers c where c.id = $1) x on true`,
  W2: `with page as (
      select c.* from customers c
      where (c.created_at, c.id) < (coalesce($1::timestamptz, 'infinity'), $2::text)
      order by c.created_at desc, c.id desc limit 51
    ),
    shown as (select * from page order by created_at desc, id desc limit 50)
    select ${answer(
      'customers',
      `json_build_object(
        'nodes', (select coalesce(json_agg(r), '[]') from (
          select ${customer} from shown c order by c.created_at desc, c.id desc
        ) r),
        'pageInfo', json_build_object(
          'hasNextPage', (select count(*) from page) > 50,
          'endCursor', (select created_at || '|' || id from shown order by created_at, id limit 1)
        )
      )`,
    )}`,
  W3: `with customer as (
      insert into customers (id, token, version, name, email, phone, reference, metadata, created_at, updated_at)
      values ($1, $2, 1, $3, $4, $5, $6, $7, $8, $8)
      returning id, token, version, name, email, created_at
    ),
    address as (
      insert into addresses (id, customer_id, label, line1, line2, city, state, postal_code, country, is_default,
        created_at, updated_at)
      select a.id, c.id, a.label, a.line1, a.line2, a.city, a.state, a."postalCode", a.country, a."isDefault",
        c.created_at, c.created_at
      from customer c, json_to_recordset($9::json) as a (id text, label text, line1 text, line2 text, city text,
        state text, "postalCode" text, country text, "isDefault" boolean)
      returning *
    )
    select ${answer(
      'createCustomer',
      `json_build_object('customer', row_to_json(x), 'userErrors', '[]'::json)`,
    )}
    from (
      select c.id, c.token, c.version, c.name, c.email,
        (select json_agg(r) from (select ${address} from address a order by a.is_default desc, a.id) r) as addresses
      from customer c
    ) x`,
  W4: `select ${answer('resolvePaymentToken', 'row_to_json(x)')}
    from (values (1)) v left join lateral (
      with target as (
        select 'CUSTOMER' as kind, c.id as customer_id, (
          select p.id from payment_methods p where p.customer_id = c.id and p.is_default
        ) as payment_method_id
        from customers c where c.token = $1
        union all
        select 'PAYMENT_METHOD', p.customer_id, p.id from payment_methods p where p.token = $1
      ),
      method as (
        select t.kind, t.customer_id as owner_id, p.*, p.type = 'ACH' and not p.verified as is_unverified,
          p.type = 'CARD' and make_date(p.expiry_year, p.expiry_month, 1) + interval '1 month' <= now() as is_expired
        from target t left join payment_methods p on p.id = t.payment_method_id
      )
      select m.kind,
        m.id is not null and not m.is_unverified and not m.is_expired as usable,
        case
          when m.id is null then 'NO_DEFAULT_PAYMENT_METHOD'
          when m.is_expired then 'CARD_EXPIRED'
          when m.is_unverified then 'ACH_NOT_VERIFIED'
        end as "unusableReason",
        case when m.id is not null and not m.is_unverified and not m.is_expired then m.provider_token end
          as "providerToken",
        (select json_build_object('id', c.id, 'name', c.name) from customers c where c.id = m.owner_id)
          as customer,
        (select row_to_json(r) from (select ${paymentMethod} from payment_methods p where p.id = m.id) r)
          as "paymentMethod"
      from method m
    ) x on true`,
  W5: `with found as materialized (
      select c.* from customers c where c.search @@ ${words('$1')}
    )
    select ${answer(
      'customers',
      `json_build_object(
        'totalCount', (select count(*) from found),
        'nodes', (select coalesce(json_agg(r), '[]') from (
          select id, name, email, phone, reference from found order by created_at desc, id desc limit 20
        ) r)
      )`,
    )}`,
  W6: `with tokenized as (select * from sandbox_tokens where token = $2),
    customer as (
      update customers c set version = version + 1, updated_at = $5 from tokenized t where c.id = $1
      returning c.id, c.version
    ),
    method as (
      insert into payment_methods (id, customer_id, token, provider_token, type, brand, last_four, expiry_month,
        expiry_year, is_default, created_at, linked_at, updated_at)
      select $3, c.id, $4::uuid, t.token, t.type, t.brand, t.last_four, t.expiry_month, t.expiry_year,
        not exists (select from payment_methods p where p.customer_id = c.id), $5, $5, $5
      from customer c, tokenized t
      returning *
    )
    select ${answer(
      'linkPaymentMethod',
      `json_build_object(
        'paymentMethod', (select row_to_json(r) from (select ${paymentMethod} from method p) r),
        'customer', (select row_to_json(c) from customer c),
        'userErrors', '[]'::json
      )`,
    )}`,
};
