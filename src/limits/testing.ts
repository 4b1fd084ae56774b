// For this domain's tests only: a real store, and calls without a gateway.
import { AppError, ClientId, createIds, KeyId, PrincipalId, silentLog, UserId, VirtualClock } from "../app/index.ts"
import { openTestStore, type Tx, testCtx } from "../store/index.ts"
import { createLimits, type LimitDemand, type LimitLevel, type LimitSubject, type Limits } from "./index.ts"
import { Ticket } from "./ticket.ts"
import type { LimitKind, LimitsDeps } from "./types.ts"

/** A Wednesday, 09:26:53.000 UTC. */
export const START = Date.UTC(2026, 3, 15, 9, 26, 53)

export interface Who {
  user?: number
  /** Their own wallet by default. */
  payer?: number
  key?: number | null
  app?: number | null
  mode?: "live" | "test"
  plan?: string
}

const subjectOf = ({
  user = 1,
  payer = user,
  key = null,
  app = null,
  mode = "live",
  plan = "free",
}: Who): LimitSubject => ({
  userId: UserId(user),
  payerId: PrincipalId(payer),
  keyId: key === null ? null : KeyId(key),
  clientId: app === null ? null : ClientId(app),
  mode,
  plan: () => plan,
})

export const demandOf = (tokens = 0, more: Partial<LimitDemand> = {}): LimitDemand => ({
  inputTokens: () => tokens,
  outputTokens: 0,
  isNamed: true,
  param: "max_tokens",
  promptParam: "messages",
  ...more,
})

export async function openLimits(options: Partial<LimitsDeps> = {}) {
  const { store, clock, close } = await openTestStore({ clock: new VirtualClock(START) })
  const deps: LimitsDeps = { store, clock, ids: createIds(clock), log: silentLog, ...options }
  const kit = {
    store,
    clock,
    close,
    limits: createLimits(deps),
    /** The same data after a restart, which loses what was in memory. */
    restart() {
      kit.limits = createLimits(deps)
    },
    set: (level: Exclude<LimitLevel, "owner" | "member">, subject: string, kind: LimitKind, amount: number) =>
      kit.limits.set(testCtx, { level, subject, kind, amount }),
    admit: (who: Who = {}, demand: LimitDemand = demandOf()) => kit.limits.admit(subjectOf(who), demand),
    /** The ticket, or the refusal. */
    ask(who: Who = {}, demand: LimitDemand = demandOf()): Ticket | AppError {
      try {
        return kit.admit(who, demand)
      } catch (error) {
        if (error instanceof AppError) return error
        throw error
      }
    },
    write: <T>(body: (tx: Tx) => T): Promise<T> => store.write(testCtx, body as (tx: Tx) => never),
    /** The whole of a hold: requests in rows, and so much of what may be spent. @returns the code of the refusal, or null */
    async hold(ticket: Ticket, amountNano: number): Promise<AppError | null> {
      try {
        await kit.write((tx) => {
          ticket.admitIn(tx)
          if (ticket.roomIn(tx) < amountNano) throw ticket.spendRefusedIn(tx, amountNano)
          ticket.reserveIn(tx, amountNano)
        })
        return null
      } catch (error) {
        ticket.release()
        if (error instanceof AppError) return error
        throw error
      }
    },
    async settle(ticket: Ticket, chargedNano: number, tokens = 0) {
      await kit.write((tx) => ticket.settleIn(tx, { tokens, chargedNano }))
      ticket.release()
    },
    /** Counters as they stand in rows. */
    counts: () =>
      store.read.all<{ subject: string; kind: string; startMs: number; used: number; held: number }>(
        "SELECT subject, kind, start_ms AS startMs, used, held FROM limit_counts ORDER BY id",
      ),
  }
  return kit
}

export type Kit = Awaited<ReturnType<typeof openLimits>>
export type { LimitLevel, Limits }

export const admitted = (outcomes: unknown[]): number => outcomes.filter((one) => one instanceof Ticket).length
export const refusal = (one: unknown): AppError => {
  if (!(one instanceof AppError)) throw new Error("was not refused")
  return one
}
