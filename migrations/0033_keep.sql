-- Up to which charge it is forgotten what calls were, by age: route, key, error, units, tokens and times. Days that this one reaches keep
-- the sums they had, so they are proved in numbers of calls and money alone.
CREATE TABLE charge_clear (through INTEGER NOT NULL) STRICT;
INSERT INTO charge_clear (through) VALUES (0);
CREATE VIEW v_charge_clear AS SELECT through FROM charge_clear;
