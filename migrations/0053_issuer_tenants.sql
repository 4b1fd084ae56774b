-- Types of authorization details that a client says it uses (RFC 9396 §10), apart by blanks; NULL: it says nothing, and may use any.
ALTER TABLE oauth_clients ADD COLUMN detail_types TEXT;

-- How an issuer answers: `form_post` comes as a form of another site. Of an issuer for many tenants: which of them may sign in, a line each
-- ('' = one tenant, or none of its business).
ALTER TABLE issuers ADD COLUMN response_mode TEXT NOT NULL DEFAULT 'query' CHECK (response_mode IN ('query', 'form_post'));
ALTER TABLE issuers ADD COLUMN tenants TEXT NOT NULL DEFAULT '';
