-- additive
-- The provider's own word for a card's network that `brand` has no name for.

alter table payment_methods
  add column brand_name text,
  add constraint payment_methods_brand_name_check check (brand_name is null or brand is not distinct from 'UNKNOWN');
