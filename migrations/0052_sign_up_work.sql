-- Calculations that browsers did before a sign-up while there was a flood of them: each counts once, and its row is forgotten when the
-- question would be too old anyway.
CREATE TABLE sign_up_works (
  work_hash    TEXT PRIMARY KEY CHECK (length(work_hash) = 64),
  forget_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_up_works_forget ON sign_up_works (forget_at_ms);
