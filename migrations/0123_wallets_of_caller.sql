-- Everybody who called from a wallet that is not theirs has a row, whatever it cost: so wallets that a person calls from are theirs and these.
INSERT OR IGNORE INTO wallet_callers (account_id, caller_id, used_nano)
  SELECT DISTINCT d.account_id, d.caller_id, 0 FROM charge_days d JOIN accounts a ON a.id = d.account_id WHERE d.caller_id <> a.owner_id
  UNION
  SELECT DISTINCT c.account_id, c.caller_id, 0 FROM charges c JOIN accounts a ON a.id = c.account_id
  WHERE c.id > (SELECT through FROM charge_fold) AND c.caller_id <> a.owner_id;
CREATE INDEX wallet_callers_of ON wallet_callers (caller_id);
DROP VIEW v_wallet_callers;
CREATE VIEW v_wallet_callers AS
  SELECT id AS account_id, owner_id AS caller_id FROM accounts WHERE owner_kind = 'principal' AND kind = 'wallet'
  UNION ALL SELECT account_id, caller_id FROM wallet_callers;
