-- History with filters over millions of rows, at no index more per charge.

-- What touched a wallet and was not a charge: a few a day per person, found by kind without walking their charges. A charge pays
-- for one look at its own transaction. A projection: rebuilt from entries.
CREATE TABLE wallet_other (
  account_id     INTEGER NOT NULL REFERENCES accounts (id),
  type           TEXT NOT NULL CHECK (type <> 'usage'),
  transaction_id INTEGER NOT NULL REFERENCES transactions (id),
  PRIMARY KEY (account_id, type, transaction_id)
) STRICT, WITHOUT ROWID;
INSERT INTO wallet_other (account_id, type, transaction_id)
  SELECT DISTINCT e.account_id, t.type, t.id FROM entries e JOIN transactions t ON t.id = e.transaction_id
  WHERE e.lot_id IS NOT NULL AND t.type <> 'usage';
-- Only wallets have lots.
CREATE TRIGGER entries_wallet_other AFTER INSERT ON entries
  WHEN NEW.lot_id IS NOT NULL AND (SELECT type FROM transactions WHERE id = NEW.transaction_id) <> 'usage'
  BEGIN
    INSERT OR IGNORE INTO wallet_other (account_id, type, transaction_id)
      SELECT NEW.account_id, type, id FROM transactions WHERE id = NEW.transaction_id;
  END;

-- In place of (user_id, id): one app's calls of a person are a range now, and "when did I last use this app" one step. Calls of all
-- apps of a person are the merge of a few such ranges.
DROP INDEX usage_calls_user;
CREATE INDEX usage_calls_of_app ON usage_calls (user_id, client_id, id);
