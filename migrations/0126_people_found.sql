-- Everybody in the order of their names, and whoever has not confirmed an address, are found without looking at all people.
CREATE INDEX users_sorted ON users (COALESCE(sort_name, email), id);
CREATE INDEX users_unverified ON users (id) WHERE email_verified_ms IS NULL;
