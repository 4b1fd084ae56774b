-- A history of one key, and which keys a wallet's calls still name, are ranges of this, as an app's are of `charges_of_app`. Calls
-- without a key are not in it and write no more than before; a call with one writes a page, and leaves it when it forgets its key.
CREATE INDEX charges_of_key ON charges (account_id, collected_nano > 0, key_id) WHERE key_id IS NOT NULL;
