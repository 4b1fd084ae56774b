-- Teams: several people, one wallet. A team is a principal, so whatever has an owner may be a team's.
CREATE TABLE teams (
  -- principals.id
  id         INTEGER PRIMARY KEY,
  public_id  TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'tea_*'),
  name       TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  -- Who made it, so that the making is bounded; nobody once they are erased. Whose it is, members say.
  maker_id   INTEGER,
  created_ms INTEGER NOT NULL,
  -- Deleted: nobody is in it any more.
  ended_ms   INTEGER
) STRICT;
CREATE INDEX teams_maker ON teams (maker_id, created_ms) WHERE maker_id IS NOT NULL;

CREATE TABLE team_members (
  id        INTEGER PRIMARY KEY,
  team_id   INTEGER NOT NULL REFERENCES teams (id),
  user_id   INTEGER NOT NULL,
  role      TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'billing', 'viewer')),
  joined_ms INTEGER NOT NULL,
  UNIQUE (team_id, user_id)
) STRICT;
-- One person answers for a team.
CREATE UNIQUE INDEX team_members_owner ON team_members (team_id) WHERE role = 'owner';
CREATE INDEX team_members_user ON team_members (user_id);

-- Made for one address, by mail or as a link to hand over; the token is known to whoever got it.
CREATE TABLE team_invites (
  id         INTEGER PRIMARY KEY,
  public_id  TEXT NOT NULL UNIQUE CHECK (public_id GLOB 'tin_*'),
  team_id    INTEGER NOT NULL REFERENCES teams (id),
  -- Who invited; nobody any more once they are erased.
  user_id    INTEGER,
  role       TEXT NOT NULL CHECK (role IN ('admin', 'billing', 'viewer')),
  -- As it is compared; gone once the invitation is over.
  to_email   TEXT CHECK (length(to_email) BETWEEN 3 AND 254),
  token_hash TEXT UNIQUE CHECK (length(token_hash) = 64),
  -- Who took it, or said no.
  to_user_id INTEGER,
  state      TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'declined', 'revoked', 'expired')),
  created_ms INTEGER NOT NULL,
  ends_ms    INTEGER NOT NULL,
  decided_ms INTEGER,
  CHECK ((state = 'open') = (to_email IS NOT NULL)),
  CHECK ((state = 'open') = (token_hash IS NOT NULL)),
  CHECK ((state = 'open') = (decided_ms IS NULL))
) STRICT;
CREATE UNIQUE INDEX team_invites_open ON team_invites (team_id, to_email) WHERE state = 'open';
CREATE INDEX team_invites_for ON team_invites (to_email) WHERE state = 'open';
CREATE INDEX team_invites_by ON team_invites (user_id, created_ms);
CREATE INDEX team_invites_to ON team_invites (to_user_id) WHERE to_user_id IS NOT NULL;
CREATE INDEX team_invites_ends ON team_invites (ends_ms) WHERE state = 'open';
CREATE INDEX team_invites_over ON team_invites (decided_ms) WHERE decided_ms IS NOT NULL;
