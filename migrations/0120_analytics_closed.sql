-- Days before this one change no more, but for what is erased or made again: all of their charges are in the sums. What was read of them is
-- remembered for as long as `version` is the same; each change of such a day moves it, whoever makes it.
ALTER TABLE analytics_fold ADD COLUMN closed_before INTEGER NOT NULL DEFAULT 0;
ALTER TABLE analytics_fold ADD COLUMN version INTEGER NOT NULL DEFAULT 0;

CREATE TRIGGER analytics_people_added AFTER INSERT ON analytics_people
WHEN NEW.day < (SELECT closed_before FROM analytics_fold) BEGIN UPDATE analytics_fold SET version = version + 1; END;
CREATE TRIGGER analytics_people_changed AFTER UPDATE ON analytics_people
WHEN OLD.day < (SELECT closed_before FROM analytics_fold) BEGIN UPDATE analytics_fold SET version = version + 1; END;
CREATE TRIGGER analytics_people_deleted AFTER DELETE ON analytics_people
WHEN OLD.day < (SELECT closed_before FROM analytics_fold) BEGIN UPDATE analytics_fold SET version = version + 1; END;

CREATE TRIGGER analytics_kind_people_added AFTER INSERT ON analytics_kind_people
WHEN NEW.day < (SELECT closed_before FROM analytics_fold) BEGIN UPDATE analytics_fold SET version = version + 1; END;
CREATE TRIGGER analytics_kind_people_changed AFTER UPDATE ON analytics_kind_people
WHEN OLD.day < (SELECT closed_before FROM analytics_fold) BEGIN UPDATE analytics_fold SET version = version + 1; END;
CREATE TRIGGER analytics_kind_people_deleted AFTER DELETE ON analytics_kind_people
WHEN OLD.day < (SELECT closed_before FROM analytics_fold) BEGIN UPDATE analytics_fold SET version = version + 1; END;

CREATE TRIGGER analytics_spend_added AFTER INSERT ON analytics_spend
WHEN NEW.day < (SELECT closed_before FROM analytics_fold) BEGIN UPDATE analytics_fold SET version = version + 1; END;
CREATE TRIGGER analytics_spend_changed AFTER UPDATE ON analytics_spend
WHEN OLD.day < (SELECT closed_before FROM analytics_fold) BEGIN UPDATE analytics_fold SET version = version + 1; END;
CREATE TRIGGER analytics_spend_deleted AFTER DELETE ON analytics_spend
WHEN OLD.day < (SELECT closed_before FROM analytics_fold) BEGIN UPDATE analytics_fold SET version = version + 1; END;

-- Who was only refused is counted among the people of a day, too.
CREATE TRIGGER refused_days_added AFTER INSERT ON refused_days
WHEN NEW.day < (SELECT closed_before FROM analytics_fold) BEGIN UPDATE analytics_fold SET version = version + 1; END;
CREATE TRIGGER refused_days_deleted AFTER DELETE ON refused_days
WHEN OLD.day < (SELECT closed_before FROM analytics_fold) BEGIN UPDATE analytics_fold SET version = version + 1; END;
