// Whole tables against the model, in one statement each: holds, the app's days, claims, earnings, payouts, corrections, plans.
import type { Reader } from "../../src/store/index.ts"
import { same } from "./difference.ts"
import type { Books, Hold } from "./model/books.ts"
import { plansOf } from "./model/plans.ts"

export const HOLD_COLUMNS = `call_id AS callId, boot_id AS boot, scope, day, amount_nano AS amount, stage,
  input_cost_nano AS inputCost, known_cost_nano AS knownCost, developer_id AS developer, lease_until_ms AS lease, state,
  charge_nano AS charge, collected_nano AS collected, transaction_id AS "transaction"`

export function holdOf(hold: Hold) {
  const { callId, boot, scope, day, amount, stage, inputCost, knownCost, developer } = hold
  const { lease, state, charge, collected, transaction } = hold
  return {
    callId,
    boot,
    scope,
    day,
    amount,
    stage,
    inputCost,
    knownCost,
    developer,
    lease,
    state,
    charge,
    collected,
    transaction,
  }
}

export function compareWhole(books: Books, read: Reader): void {
  same("all holds", read.all(`SELECT ${HOLD_COLUMNS} FROM holds ORDER BY id`), books.holds.map(holdOf))
  const parts = books.holds.flatMap((hold) =>
    hold.parts.map(({ lot, amount }) => ({ hold: hold.id, lot: lot.id, amount })),
  )
  const rows = read.all(
    "SELECT hold_id AS hold, lot_id AS lot, amount_nano AS amount FROM hold_lots ORDER BY hold_id, seq",
  )
  same("lots of all holds", rows, parts)
  limits(books, read)
  claims(books, read)
  earnings(books, read)
  corrections(books, read)
  plans(books, read)
}

const WALLET = "SELECT mode || ' ' || owner_id FROM accounts WHERE id = account_id"
const sorted = <T>(rows: T[]): T[] =>
  rows.sort((a, b) => (String(Object.values(a as object)) < String(Object.values(b as object)) ? -1 : 1))

function limits(books: Books, read: Reader): void {
  const rows = read.all(
    `SELECT (${WALLET}) || '|' || client_id || '|' || scope || '|' || day AS key, used_nano AS used, held_nano AS held
     FROM limit_day`,
  )
  const keys = new Map(
    books.holds.flatMap(({ app, wallet, day }) =>
      app ? [[books.limitKey(wallet, app.clientId, app.scope, day), { ...app, wallet, day }] as const] : [],
    ),
  )
  const expected = [...keys].map(([key, { wallet, clientId, scope, day }]) => ({
    key,
    used: books.used.get(key) ?? 0n,
    held: books.limitHeld(wallet, clientId, scope, day),
  }))
  same("the apps' days", sorted(rows), sorted(expected))
}

function claims(books: Books, read: Reader): void {
  const rows = read.all(
    `SELECT (${WALLET}) AS wallet, at_ms AS at, amount_nano AS amount, streak, budget_nano AS budget,
            transaction_id AS "transaction" FROM claims ORDER BY transaction_id`,
  )
  same("claims", rows, books.claims)
  const days = read.all(
    "SELECT mode || '|' || day AS day, granted_nano AS granted, budget_nano AS budget FROM free_budget_day",
  )
  same("free budget", sorted(days), sorted([...books.budgets].map(([day, figures]) => ({ day, ...figures }))))
}

function earnings(books: Books, read: Reader): void {
  const rows = read.all(
    `SELECT (SELECT mode || ' pending ' || owner_id FROM accounts WHERE id = account_id) AS account, day, source,
            earned_nano AS earned, clawed_nano AS clawed, matured FROM earning_days`,
  )
  const days = Map.groupBy(books.earnings, ({ account, day, source }) => `${account}|${day}|${source}`)
  const expected = [...days.values()].map((all) => {
    const { account, day, source, matured } = all[0]!
    const total = (figure: "earned" | "clawed") => all.reduce((sum, one) => sum + one[figure], 0n)
    return { account, day, source, earned: total("earned"), clawed: total("clawed"), matured: matured ? 1 : 0 }
  })
  same("days of earnings", sorted(rows), sorted(expected))
  const payouts = read.all(
    "SELECT id, mode || ' ' || owner_id AS wallet, amount_nano AS amount, state, key FROM payouts ORDER BY id",
  )
  same("payouts", payouts, books.payouts)
  // A clearing account holds what is on its way, and nothing when nothing is.
  for (const mode of ["live", "test"] as const) {
    const underway = books.payouts.filter((one) => one.state === "requested" && books.modeOf(one.wallet) === mode)
    const total = underway.reduce((sum, one) => sum + one.amount, 0n)
    same(`what ${mode} payouts are under way`, books.balance(`${mode} payouts`), total)
  }
}

function corrections(books: Books, read: Reader): void {
  const keys = read.all<{ key: string }>("SELECT key FROM corrections").map((row) => row.key)
  same("keys of corrections", keys.sort(), [...books.corrections.keys()].sort())
}

function plans(books: Books, read: Reader): void {
  const { assigned, events, plans: all } = plansOf(books)
  const rows = read.all(
    `SELECT user_id AS user, (SELECT code FROM plans WHERE id = plan_id) AS plan, choice,
            (SELECT code FROM plans WHERE id = pending_plan_id) AS nextPlan, pending_choice AS nextChoice, paid,
            anchor_ms AS anchor, anchor_no AS anchorNo, period_no AS no, period_start_ms AS start, period_end_ms AS "end",
            credited_nano AS credited FROM plan_assignments ORDER BY user_id`,
  )
  const expected = [...assigned].sort((a, b) => a.user - b.user)
  same(
    "who is on which plan",
    rows,
    expected.map((one) => ({ ...one, paid: one.paid ? 1 : 0 })),
  )
  same("how many plan events there are", read.get("SELECT COUNT(*) AS n FROM plan_events"), { n: events })
  const terms = read.all(
    "SELECT code, monthly_nano AS monthly, price_nano AS price, updated_ms AS updated FROM plans ORDER BY id",
  )
  same(
    "plans",
    terms,
    all.map(({ code, monthly, price, updated }) => ({ code, monthly, price, updated })),
  )
}
