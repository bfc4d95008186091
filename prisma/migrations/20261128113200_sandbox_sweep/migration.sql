-- additive
-- Each new token of the sandbox takes dead ones away, and finds them by this.

create index sandbox_tokens_merchant_id_created_at_idx on sandbox_tokens (merchant_id, created_at);
