// What `plans` has of a person: which plan, when and what it gave stay beside the books; what somebody wrote about it goes.
import { type Personal, takeSteps } from "../part/index.ts"
import { deleteSome, type Tx, updateSome } from "../store/index.ts"

export const PLANS_PERSONAL: Personal = {
  tables: {
    plan_assignments: { erased: "deleted", exported: "plan.csv" },
    plan_events: { erased: "emptied", exported: "plan.csv" },
    plan_paid_lines: {
      erased: { stays: "what was paid for, beside the books: numbers, no names" },
      exported: "plan-payments.csv",
    },
    plan_subscriptions: { erased: "deleted", exported: "plan-payments.csv" },
  },
  files: [
    {
      name: "plan.csv",
      what: "What happened to your plan, and what each period gave.",
      sql: `SELECT e.id AS place, e.event, p.code AS plan, e.choice, e.period_no, e.at_ms, e.granted_nano, e.reason FROM plan_events e
        JOIN plans p ON p.id = e.plan_id WHERE e.user_id = ?1 AND e.id > ?2 ORDER BY e.id LIMIT ?3`,
    },
    {
      name: "plan-payments.csv",
      what: "What you paid for plans, and for which time.",
      sql: `SELECT l.id AS place, p.code AS plan, l.months, l.start_ms, l.end_ms, l.choice, l.granted_nano, l.recorded_ms FROM plan_paid_lines l
        JOIN plans p ON p.id = l.plan_id WHERE l.user_id = ?1 AND l.id > ?2 ORDER BY l.id LIMIT ?3`,
    },
  ],
}

export const erasePlan = (tx: Tx, userId: number, rows: number): number =>
  takeSteps(rows, [
    (left) => deleteSome(tx, "plan_subscriptions", "user_id = ?", [userId], left),
    (left) => deleteSome(tx, "plan_assignments", "user_id = ?", [userId], left),
    (left) => updateSome(tx, "plan_events", "reason = 'erased'", "user_id = ? AND reason <> 'erased'", [userId], left),
  ])
