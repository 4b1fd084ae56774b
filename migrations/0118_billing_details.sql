-- What a payer wants on invoices: a team's own name and place in place of its owner's, a person's in place of their account's.
CREATE TABLE billing_details (
  -- A person or a team.
  owner_id   INTEGER PRIMARY KEY REFERENCES principals (id),
  name       TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  -- Lines of a letter, without the country.
  address    TEXT NOT NULL CHECK (length(address) BETWEEN 1 AND 500),
  -- ISO 3166, two letters.
  country    TEXT NOT NULL CHECK (length(country) = 2),
  -- VAT number or the like; empty: none.
  tax_id     TEXT NOT NULL CHECK (length(tax_id) <= 40),
  updated_ms INTEGER NOT NULL
) STRICT;

-- The letter about a month of teams: one row, how far it went. Who is written to stands in the mails alone.
CREATE TABLE spending_team_letters (
  id              INTEGER PRIMARY KEY CHECK (id = 1),
  -- The month that it is about, counted from 1970-01.
  month           INTEGER NOT NULL,
  through_team_id INTEGER NOT NULL,
  done_ms         INTEGER
) STRICT;
