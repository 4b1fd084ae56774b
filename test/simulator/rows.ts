// Rows of lots, holds and charges beside what the model has for them, in one form.
import type { ChargeRow } from "./links.ts"
import { type Books, type Charge, type Hold, type Lot, MOST } from "./model/books.ts"

export const LOT_COLUMNS = `id, bucket, paid, priority, restriction, granted_nano AS granted, consumed_nano AS consumed,
  expired_nano AS expired, voided_nano AS voided, clawed_nano AS clawed, remaining_nano AS remaining, unspent,
  effective_ms AS "from", expires_ms AS until, created_ms AS created, rollover_max_nano AS rolloverMax,
  rollover_cap_nano AS rolloverCap, rollover_lifetime_ms AS rolloverLifetime, rolled_from AS rolledFrom, frozen`

export const lotOf = (lot: Lot) => ({
  id: lot.id,
  bucket: lot.bucket,
  paid: lot.paid ? 1 : 0,
  priority: lot.priority,
  restriction: lot.restriction,
  granted: lot.granted,
  consumed: lot.consumed,
  expired: lot.expired,
  voided: lot.voided,
  clawed: lot.clawed,
  remaining: lot.remaining,
  unspent: lot.remaining > 0n ? 1 : 0,
  from: lot.from,
  until: lot.until,
  created: lot.created,
  rolloverMax: lot.rollover?.max ?? null,
  rolloverCap: lot.rollover?.cap ?? null,
  rolloverLifetime: lot.rollover?.lifetimeMs ?? null,
  rolledFrom: lot.rolledFrom,
  frozen: lot.frozen ? 1 : 0,
})

export const HOLD_COLUMNS = `account_id AS account, call_id AS callId, boot_id AS boot, caller_id AS caller, client_id AS client,
  key_id AS key, scope, limited, route_id AS route, stream, amount_nano AS amount, lot_id AS lot, lots, stage,
  input_cost_nano AS inputCost, known_cost_nano AS knownCost, split_upstream AS upstream, split_developer AS share,
  split_platform AS platform, developer_id AS developer, promo_cap_nano AS promoCap, lease_until_ms AS lease,
  created_ms AS created`

export interface HoldRow {
  account: number
  lot: number | null
  lots: string | null
  [column: string]: unknown
}

type NameOf = (account: number) => string

/** `parts`: one lot stands in a column of its own. */
export const shownHold = ({ account, lot, lots, ...row }: HoldRow, nameOf: NameOf) => ({
  wallet: nameOf(account),
  parts: lot === null ? JSON.parse(lots ?? "[]") : [[lot, row.amount]],
  isOne: lot !== null,
  ...row,
})

export const holdOf = (hold: Hold) => ({
  wallet: hold.wallet.replace(" ", " wallet "),
  parts: hold.parts.map(({ lot, amount }) => [lot.id, amount]),
  isOne: hold.parts.length === 1,
  callId: hold.callId,
  boot: hold.boot,
  caller: hold.caller,
  client: hold.client,
  key: hold.key,
  scope: hold.scope,
  limited: hold.limited ? 1 : 0,
  route: hold.route,
  stream: hold.stream ? 1 : 0,
  amount: hold.amount,
  stage: hold.stage,
  inputCost: hold.inputCost,
  knownCost: hold.knownCost,
  upstream: hold.split[0],
  share: hold.split[1],
  platform: hold.split[2],
  developer: hold.developer,
  promoCap: hold.promoCap ?? MOST,
  lease: hold.lease,
  created: hold.created,
})

export const shownCharge = ({ hash, account, pending, ...row }: ChargeRow, nameOf: NameOf) => ({
  wallet: nameOf(account),
  earner: pending === null ? null : nameOf(pending),
  ...row,
})

export const routeOf = ({ call, hold }: Charge): number | null => (call.route === undefined ? hold.route : call.route)

export function chargeOf(books: Books, charge: Charge) {
  const { hold, earned, takes, call } = charge
  const mode = books.modeOf(hold.wallet)
  const all = earned.paid + earned.promo
  return {
    wallet: books.account(hold.wallet),
    earner: all === 0n ? null : `${mode} pending ${charge.developer}`,
    id: charge.id,
    callId: hold.callId,
    at: charge.at,
    mode,
    lot: takes.length === 1 ? takes[0]!.lot.id : null,
    total: charge.total,
    upstream: charge.upstream,
    share: charge.share,
    collected: charge.collected,
    earned: all,
    promoEarned: earned.promo,
    promoCap: hold.promoCap ?? MOST,
    walletAfter: charge.walletAfter,
    developer: charge.developer,
    caller: hold.caller,
    client: hold.client,
    key: hold.key,
    scope: hold.scope,
    heldDay: hold.limited ? hold.day : null,
    held: hold.amount,
    route: routeOf(charge),
    stream: hold.stream ? 1 : 0,
    status: call.status,
    errorCode: call.errorCode,
    end: call.end,
    latency: call.latency,
    firstToken: call.firstToken,
    input: call.tokens.input,
    cached: call.tokens.cached,
    output: call.tokens.output,
    reasoning: call.tokens.reasoning,
    units: call.units && JSON.stringify(call.units),
    source: call.source,
  }
}
