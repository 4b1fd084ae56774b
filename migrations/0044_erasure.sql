-- Erasing a person: what names them goes, the books stay. Rows that are never changed otherwise may lose the words that are not hashed.

-- Facts and reasons of the audit log; who, when and what stay.
DROP TRIGGER audit_log_no_update;
CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
WHEN (NEW.id, NEW.at_ms, NEW.actor, NEW.on_behalf_of, NEW.request_id, NEW.action, NEW.subject)
    IS NOT (OLD.id, OLD.at_ms, OLD.actor, OLD.on_behalf_of, OLD.request_id, OLD.action, OLD.subject)
  OR NEW.reason <> 'erased' OR NEW.before IS NOT NULL OR NEW.after IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;

-- Why something was posted: typed by an admin, and not hashed.
DROP TRIGGER transactions_no_update;
CREATE TRIGGER transactions_no_update BEFORE UPDATE ON transactions
WHEN (NEW.id, NEW.public_id, NEW.type, NEW.mode, NEW.at_ms, NEW.actor, NEW.on_behalf_of, NEW.request_id, NEW.key, NEW.reverses, NEW.charge_id, NEW.hash)
    IS NOT (OLD.id, OLD.public_id, OLD.type, OLD.mode, OLD.at_ms, OLD.actor, OLD.on_behalf_of, OLD.request_id, OLD.key, OLD.reverses, OLD.charge_id, OLD.hash)
  OR NEW.reason <> 'erased'
BEGIN SELECT RAISE(ABORT, 'transactions are immutable; post a reversal'); END;

DROP TRIGGER plan_events_no_update;
CREATE TRIGGER plan_events_no_update BEFORE UPDATE ON plan_events
WHEN (NEW.id, NEW.user_id, NEW.event, NEW.plan_id, NEW.choice, NEW.period_no, NEW.at_ms, NEW.recorded_ms, NEW.granted_nano, NEW.transaction_id, NEW.actor)
    IS NOT (OLD.id, OLD.user_id, OLD.event, OLD.plan_id, OLD.choice, OLD.period_no, OLD.at_ms, OLD.recorded_ms, OLD.granted_nano, OLD.transaction_id, OLD.actor)
  OR NEW.reason <> 'erased'
BEGIN SELECT RAISE(ABORT, 'plan_events is append-only'); END;

-- What is taken out of the index of names and addresses is gone from its pages at once, not with some later merge.
INSERT INTO users_search (users_search, rank) VALUES ('secure-delete', 1);
