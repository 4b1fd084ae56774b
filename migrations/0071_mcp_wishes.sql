-- What a client asked its session with a group for: which log messages it wants, and of which resources it wants to hear that they changed. A
-- session that is made again from its row, after a restart too, goes on with both.
ALTER TABLE mcp_sessions ADD COLUMN level TEXT;
ALTER TABLE mcp_sessions ADD COLUMN watched TEXT NOT NULL DEFAULT '[]';
