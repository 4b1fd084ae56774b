-- Which tools a consent with the scope `mcp` opens (SPEC MC): a list of addresses of groups and products below the APIs' origin; NULL = all.
ALTER TABLE oauth_consents ADD COLUMN tools TEXT CHECK (tools IS NULL OR json_valid(tools) AND json_type(tools) = 'array');
-- 1: the app only ever asked for single ones, so that nobody said anything about all of them yet.
ALTER TABLE oauth_consents ADD COLUMN tools_narrow INTEGER NOT NULL DEFAULT 0 CHECK (tools_narrow IN (0, 1));
