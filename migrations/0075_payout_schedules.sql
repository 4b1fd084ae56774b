-- Who wants a payout asked for on their behalf each month.
CREATE TABLE payout_schedules (
  owner_id  INTEGER PRIMARY KEY,
  since_ms  INTEGER NOT NULL,
  -- Month that was looked at last, as year * 12 + month: whatever came of it, it is not looked at again.
  done_month INTEGER NOT NULL
) STRICT;
CREATE INDEX payout_schedules_due ON payout_schedules (done_month);
