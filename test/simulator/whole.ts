// Whole tables against the model, in one statement each: open holds, days of charges, claims, earnings, payouts, corrections, plans.
import type { Reader } from "../../src/store/index.ts"
import { same } from "./difference.ts"
import { type Books, type Charge, dayOf } from "./model/books.ts"
import { plansOf } from "./model/plans.ts"
import { repaidRows } from "./model/repaid.ts"
import { salesOf } from "./model/sales.ts"
import { callersOf } from "./model/sponsor.ts"
import { routeOf } from "./rows.ts"

export function compareWhole(books: Books, read: Reader): void {
  holds(books, read)
  days(books, read)
  claims(books, read)
  earnings(books, read)
  corrections(books, read)
  plans(books, read)
}

const WALLET = "SELECT mode || ' ' || owner_id FROM accounts WHERE id = account_id"
const sorted = <T>(rows: T[]): T[] =>
  rows.sort((a, b) => (String(Object.values(a as object)) < String(Object.values(b as object)) ? -1 : 1))

/** In the order in which they were made; the view shows what each keeps of which lots. */
function holds(books: Books, read: Reader): void {
  const calls = read.all<{ callId: string }>("SELECT call_id AS callId FROM open_holds ORDER BY id")
  same(
    "open holds",
    calls,
    books.open.map(({ callId }) => ({ callId })),
  )
  const parts = read.all(
    `SELECT h.call_id AS callId, v.lot_id AS lot, v.amount_nano AS amount
     FROM v_open_hold_lots v JOIN open_holds h ON (h.account_id, h.id) = (v.account_id, v.hold_id) ORDER BY h.id, v.seq`,
  )
  const expected = books.open.flatMap(({ callId, parts }) =>
    parts.map(({ lot, amount }) => ({ callId, lot: lot.id, amount })),
  )
  same("lots of open holds", parts, expected)
}

const FIGURES = [
  "calls",
  "errors",
  "input_tokens",
  "output_tokens",
  "latency_ms",
  "charge_nano",
  "upstream_nano",
  "earned_nano",
  "collected_nano",
  "back_nano",
] as const

const SUMMED = FIGURES.filter((name) => name !== "back_nano")

/** What is folded, and what came back of any charge. */
function days(books: Books, read: Reader): void {
  const { through } = read.get<{ through: number }>("SELECT through FROM charge_fold")!
  const rows = read.all(
    `SELECT day, (${WALLET}) AS wallet, client_id AS client, scope, route_id AS route, held_day AS heldDay,
            caller_id AS caller, ${FIGURES.join(", ")} FROM charge_days`,
  )
  const counted = books.charges.filter((one) => one.id <= through || wasGivenBack(books, one))
  const expected = [...Map.groupBy(counted, (one) => Object.values(dayKey(one)).join("|")).values()].map((all) => ({
    ...dayKey(all[0]!),
    ...figuresOf(all, through),
  }))
  same("days of charges", sorted(rows), sorted(expected))
  const apps = Map.groupBy(
    books.charges.filter((one) => one.id <= through),
    ({ hold, at }) => `${hold.client ?? 0}|${dayOf(at)}`,
  )
  same(
    "days of apps",
    sorted(
      read.all(`SELECT client_id || '|' || day AS app, ${SUMMED.join(", ")} FROM charge_client_days WHERE calls > 0`),
    ),
    sorted(
      [...apps].map(([app, all]) => {
        const { back_nano: _, ...sums } = figuresOf(all, through)
        return { app, ...sums }
      }),
    ),
  )
  const callers = read.all(
    `SELECT (${WALLET}) AS wallet, caller_id AS caller, used_nano AS used FROM wallet_callers WHERE used_nano > 0`,
  )
  same("what people used of wallets that are not theirs", sorted(callers), sorted(callersOf(books)))
  same("charges are folded no further than there are", through <= (books.charges.at(-1)?.id ?? 0), true)
}

/** Also when it was taken again, by a reversal of the refund. */
const wasGivenBack = (books: Books, { id }: Charge): boolean =>
  books.posted.some((one) => one.charge === id && one.id !== id && one.entries.some((entry) => entry.lot !== null))

const dayKey = ({ at, hold, ...rest }: Charge) => ({
  day: dayOf(at),
  wallet: hold.wallet,
  client: hold.client ?? 0,
  scope: hold.scope,
  route: routeOf({ hold, at, ...rest }) ?? 0,
  heldDay: hold.limited ? hold.day : -1,
  caller: hold.caller,
})

function figuresOf(all: Charge[], through: number): Record<(typeof FIGURES)[number], bigint> {
  const folded = all.filter((one) => one.id <= through)
  const total = (of: (one: Charge) => bigint | number, list = folded): bigint =>
    list.reduce((sum, one) => sum + BigInt(of(one)), 0n)
  return {
    calls: BigInt(folded.length),
    errors: total(({ call }) => (call.errorCode !== null && call.end !== "client_gone" ? 1 : 0)),
    input_tokens: total(({ call }) => call.tokens.input),
    output_tokens: total(({ call }) => call.tokens.output),
    latency_ms: total(({ call }) => call.latency),
    charge_nano: total((one) => one.total),
    upstream_nano: total((one) => one.upstream),
    earned_nano: total(({ earned }) => earned.paid + earned.promo),
    collected_nano: total((one) => one.collected),
    back_nano: total((one) => one.back, all),
  }
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
  const sold = read.all(
    `SELECT transaction_id AS id, (${WALLET}) AS wallet, amount_nano AS amount, commission_nano AS commission, at_ms AS at
     FROM sales ORDER BY transaction_id`,
  )
  same(
    "sales",
    sold,
    salesOf(books).map(({ id, wallet, amount, commission, at }) => ({ id, wallet, amount, commission, at })),
  )
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
  const repaid = read.all(
    'SELECT claw_key AS claw, transaction_id AS "by", amount_nano AS amount, late FROM claw_repays',
  )
  same("what lots paid of their claw-backs", sorted(repaid), sorted(repaidRows(books)))
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
