-- Whose wallet a key spends, for reads of usage: of a team's keys, the calls are the team's to see, and among nobody's own.
CREATE VIEW v_key_payers AS SELECT id AS key_id, user_id, payer_id FROM api_keys;
