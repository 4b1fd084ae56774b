// Calls through the ledger's own verbs, for the tests of what is told of them.
import { afterEach, beforeEach } from "bun:test"
import { ClientId, createIds, nano, silentLog, UpstreamId, UserId } from "../app/index.ts"
import { type CallEnd, createLedger, type Ledger, type Mode, principal } from "../ledger/index.ts"
import { openTestStore, type Tx, testCtx } from "../store/index.ts"
import { createUsage, type Route, type Usage } from "./index.ts"

export { seeded } from "../ledger/testing.ts"

export let env: Awaited<ReturnType<typeof openTestStore>>
export let ledger: Ledger
export let usage: Usage
/** For a whole file: store, ledger and usage of its own for every test. */
export function openEach(): void {
  beforeEach(async () => {
    env = await openTestStore()
    usage = createUsage({ store: env.store, log: silentLog })
    ledger = createLedger({ store: env.store, clock: env.clock, ids: createIds(env.clock), bootId: "boot_1" })
  })
  afterEach(async () => {
    await usage.stop()
    await env.close()
  })
}

export const ROUTE: Route = {
  endpoint: "chat",
  requested: "mock/mock-1",
  upstreamId: UpstreamId(1),
  model: "mock-1",
  prices: '{"v":1}',
}
export const DONE: CallEnd = {
  status: 200,
  errorCode: null,
  end: "done",
  latencyMs: 12,
  firstTokenMs: null,
  inputTokens: 10,
  cachedTokens: 3,
  outputTokens: 5,
  reasoningTokens: 1,
  source: "reported",
}
export const FAILED: Partial<CallEnd> = { status: 502, errorCode: "provider_error", end: "failed", source: "none" }
export const GONE: Partial<CallEnd> = { status: 499, errorCode: "client_closed", end: "client_gone" }

export interface Call {
  user?: number
  /** Whose wallet pays: the caller's own by default. */
  payer?: number
  clientId?: number | null
  mode?: Mode
  scope?: string
  /** n$; a quarter of it is the developer's. */
  chargeNano?: number
  route?: Partial<Route>
  end?: Partial<CallEnd>
  /** Its own by default. */
  callId?: string
}

export const write = <T>(body: (tx: Tx) => T): Promise<T> => env.store.write(testCtx, body as (tx: Tx) => never)

export const fund = (user: number, mode: Mode = "live") =>
  write((tx) =>
    ledger.grantIn(tx, {
      owner: principal(UserId(user)),
      mode,
      type: "topup",
      bucket: "purchase",
      amountNano: nano(1_000_000_000),
      paid: true,
      key: `fund ${user} ${mode}`,
    }),
  )

let calls = 0
/** @returns `req_…` */
export function callIn(
  tx: Tx,
  { user = 1, payer = user, clientId = 7, mode = "live", scope = "llm", chargeNano = 100, ...more }: Call,
): string {
  const callId = more.callId ?? `req_${String(++calls).padStart(26, "0")}`
  const client = clientId === null ? null : ClientId(clientId)
  const hold = ledger.holdIn(tx, {
    owner: principal(UserId(payer)),
    callerId: UserId(user),
    mode,
    amountNano: nano(chargeNano),
    callId,
    scope,
    clientId: client,
    routeId: usage.routeIn(tx, { ...ROUTE, ...more.route }),
    leaseMs: 60_000,
    inputCostNano: nano(0),
  })
  const part = chargeNano / 4
  ledger.settleIn(tx, {
    hold,
    charge: {
      totalNano: nano(chargeNano),
      upstreamNano: nano(2 * part),
      developerNano: nano(part),
      platformNano: nano(part),
    },
    developer: principal(UserId(9)),
    call: { ...DONE, ...more.end },
  })
  if (client !== null && (more.end?.status ?? 200) < 400) usage.answeredIn(tx, client)
  return callId
}
export const call = (input: Call = {}) => write((tx) => callIn(tx, input))
