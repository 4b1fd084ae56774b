-- How many people came in a span: counted from a narrow index, not from their rows. Test users stand apart in it.
CREATE INDEX users_came ON users (test_of, created_ms);
