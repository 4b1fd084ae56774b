-- Acting as a team: held in the console's session. What is done so names the team, and keys are found by the wallet that they spend.
ALTER TABLE sessions ADD COLUMN acting_id INTEGER;
CREATE INDEX api_keys_of_payer ON api_keys (payer_id, id);
CREATE INDEX audit_log_behalf ON audit_log (on_behalf_of, id) WHERE on_behalf_of IS NOT NULL;
