// The door of `calls`: product keys, quotas and rates, and the road of a call to the publisher's server and back.
import { AppError, type UserId } from "../../app/index.ts"
import { Watch } from "../../gateway/index.ts"
import type { Reader, Tx, WriteContext } from "../../store/index.ts"
import type { MarketplaceDeps } from "../deps.ts"
import type { Forwarding } from "./asked.ts"
import { createCore } from "./core.ts"
import type { ForwardDeps } from "./forward/deps.ts"
import { forward } from "./forward/forward.ts"
import { Gate } from "./gate.ts"
import {
  editKeyIn,
  issueKeyIn,
  revokeKeyIn,
  revokeKeysByIn,
  revokeKeysIn,
  rotateKeyIn,
  setSigningIn,
} from "./keys/issue.ts"
import { keyOf, keysOf } from "./keys/store.ts"
import { ProductKeyUses } from "./keys/uses.ts"
import { CALL_LIMITS as L } from "./limits.ts"
import { type CallFigures, figuresByProduct, figuresOf, type ProductFigures } from "./log/figures.ts"
import { CallLog } from "./log/gather.ts"
import * as log from "./log/store.ts"
import type { SubscriptionRow } from "./offer.ts"
import { quotaStandings, resetQuotaIn } from "./quota/use.ts"
import { type CloseSignal, closeSignalIn } from "./signals/close.ts"
import * as signals from "./signals/store.ts"
import { Signals } from "./signals/watch.ts"
import { offerOf } from "./store.ts"
import { forgetNonces } from "./store-nonces.ts"
import type { EditKey, IssueKey, KeyEnd, ProductKey, ProductKeyRef, QuotaStanding } from "./types.ts"
import { type Health, healthOf } from "./uptime/badge.ts"
import { probeSome, tellOfErrors } from "./uptime/probe.ts"

export type { Forwarding } from "./asked.ts"
export { CALL_LIMITS } from "./limits.ts"
export type { CallFigures, Figures, FiguresOf, ProductFigures } from "./log/figures.ts"
export type { CallFilter, DaySpan, SubscriberCalls } from "./log/store.ts"

export type { SignalRow } from "./signals/store.ts"
export type * from "./types.ts"
export type { Health } from "./uptime/badge.ts"
export type { UptimeRow } from "./uptime/store.ts"

const SETTLE = { lane: "settle" } as const
const RETRY_MS_MAX = 1_000

export function createCalls(deps: MarketplaceDeps) {
  const core = createCore(deps)
  const { store, clock } = deps
  const uses = new ProductKeyUses(core)
  const callLog = new CallLog(core)
  const watch = new Watch(L.tickMs)
  const noted = new Signals(core)
  let isClosing = false
  const untilWritten = createRetry(core, () => isClosing)
  const road: ForwardDeps = {
    ...core,
    forwardFetch: deps.safeForward,
    gate: new Gate(core),
    watch,
    uses,
    callLog,
    signals: noted,
    untilWritten,
  }
  const withUse = (key: ProductKey): ProductKey => {
    const use = uses.of(key.id)
    return use ? { ...key, lastUsedMs: use.atMs, calls: key.calls + use.calls } : key
  }

  return {
    ...keyVerbs(core),
    /** Those that are alive first. */
    keysOf: (subscriptionId: number): ProductKey[] => keysOf(store.read, subscriptionId, clock.now()).map(withUse),
    /** Null: another person's key is not there. */
    keyOf(userId: UserId, publicId: string): ProductKey | null {
      const key = keyOf(store.read, userId, publicId, clock.now())
      return key && withUse(key)
    },

    /** The quotas of its plan, and what of them is used. */
    quotaOf(
      subscription: Pick<SubscriptionRow, "id" | "anchorMs" | "termsId">,
      reader: Reader = store.read,
    ): QuotaStanding[] {
      const quotas = offerOf(reader, subscription.termsId)?.quotas ?? []
      return quotaStandings(reader, subscription, quotas, clock.now())
    },
    /** Nothing is used any more. Whoever asks writes why into the audit log. */
    resetQuotaIn: (tx: Tx, subscriptionId: number) => resetQuotaIn(tx, subscriptionId),

    ...logVerbs(deps),
    /** Whether its server answers, and how often it did. */
    healthOf: (productId: number): Health => healthOf(core, productId),
    probeSome: (afterId: number) => probeSome(core, afterId),
    tellOfErrors: () => tellOfErrors(core),
    /** Any request below /m/. Never throws. */
    forward: (request: Request, options?: Forwarding): Promise<Response> => forward(road, request, options),
    /** Its server fails, and is not asked for a moment. */
    isDown: (productId: number): boolean => core.busy.isDown(productId, clock.now()),
    ...endVerbs(road, noted, () => {
      isClosing = true
    }),
  }
}

export type Calls = ReturnType<typeof createCalls>

/** What is gathered is written, and what runs is ended. */
function endVerbs({ busy, watch, uses, callLog }: ForwardDeps, noted: Signals, close: () => void) {
  const flush = async (): Promise<void> => {
    await noted.settled()
    await Promise.all([callLog.flush(), uses.flush()])
  }
  return {
    flush,
    flushUses: () => uses.flush(),
    lookForSurges: (afterId: number, rows: number) => noted.lookForSurges(afterId, rows),
    /** Calls that run. */
    running: () => busy.running,
    /** Waits until no call runs, at most `ms`. @returns calls left behind */
    async drain(ms: number): Promise<number> {
      const endMs = performance.now() + ms
      while (busy.running > 0 && performance.now() < endMs) await Bun.sleep(20)
      return busy.running
    },
    /** Ends what runs: the server stops, and its time for them is over. */
    cutAll(): void {
      const why = new AppError("unavailable", "The server is stopping. Try again in a moment.", {
        retryAfterSeconds: 1,
      })
      for (const call of watch.values()) if ("stop" in call) (call as { stop(why: AppError): void }).stop(why)
    },
    async stop(): Promise<void> {
      await flush()
      close()
      watch.close()
    },
  }
}

const keyVerbs = (core: ReturnType<typeof createCore>) => ({
  /** @throws AppError validation_failed, conflict */
  issueKeyIn: (tx: Tx, input: IssueKey) => issueKeyIn(core, tx, input),
  /** The secret before works on for `keepMs`. @throws AppError not_found, conflict */
  rotateKeyIn: (tx: Tx, input: ProductKeyRef & { keepMs: number }) => rotateKeyIn(core, tx, input),
  /** What is left out stays. @throws AppError not_found, conflict, validation_failed */
  editKeyIn: (tx: Tx, input: EditKey) => editKeyIn(tx, input),
  /** @returns the secret that signs, shown once; null = signatures are not asked for any more */
  setSigningIn: (tx: Tx, input: ProductKeyRef & { signed: boolean }) => setSigningIn(core, tx, input),
  /** Without `userId` whoever calls has looked whose it is. @throws AppError not_found */
  revokeKeyIn: (tx: Tx, input: { userId?: UserId; keyPublicId: string; because?: KeyEnd }) => revokeKeyIn(tx, input),
  /** All that somebody made for the subscriptions of a team. */
  revokeKeysByIn: (tx: Tx, of: { userId: UserId; ownerId: UserId }) => revokeKeysByIn(tx, of),
  /** All keys of a subscription that is over for good. */
  revokeKeysIn: (tx: Tx, subscriptionId: number, because: KeyEnd) => revokeKeysIn(tx, subscriptionId, because),
})

const logVerbs = ({ store, clock }: Pick<MarketplaceDeps, "store" | "clock">) => ({
  /** Newest first. Calls are in it a quarter of a second after they ended. */
  callsOf: (subscriptionId: number, filter: log.CallFilter) =>
    log.calls(store.read, "subscription_id", subscriptionId, filter),
  callsOfProduct: (productId: number, filter: log.CallFilter) => log.calls(store.read, "product_id", productId, filter),
  /** Whose it is, whoever asks looks. */
  callByRequest: (requestId: string) => log.callByRequest(store.read, requestId),
  figuresOfSubscription: (subscriptionId: number, span: log.DaySpan): CallFigures =>
    figuresOf(log.daysOfSubscription(store.read, subscriptionId, span)),
  figuresOfProduct: (productId: number, span: log.DaySpan): CallFigures =>
    figuresOf(log.daysOfProduct(store.read, productId, span)),
  figuresOfProducts: (productIds: readonly number[], span: log.DaySpan): ProductFigures =>
    figuresByProduct(productIds.flatMap((id) => log.daysOfProduct(store.read, id, span))),
  /** Whoever called most first. */
  subscribersOf: (productId: number, span: log.DaySpan, limit = 100) =>
    log.subscribersOf(store.read, productId, span, limit),
  /** @returns whether more is left */
  forgetCallsIn: (tx: Tx, beforeMs: number, rows: number) => log.forgetCalls(tx, beforeMs, rows) >= rows,
  forgetNoncesIn: (tx: Tx, rows: number) => forgetNonces(tx, rows) >= rows,
  forgetSignalsIn: (tx: Tx, beforeMs: number, rows: number) => signals.forgetSignals(tx, beforeMs, rows) >= rows,

  /** Signs of abuse; null = of all products. Open ones first. */
  signalsOf: (productId: number | null) => signals.signalsOf(store.read, productId, L.signalsShown),
  openSignals: () => signals.countOpen(store.read),
  signalById: (id: number) => signals.signalById(store.read, id),
  /** Those of a product that nobody looked at yet, newest first. */
  openSignalsOf: (productId: number) =>
    signals.signalsOf(store.read, productId, L.signalsShown).filter(({ closedMs }) => closedMs === null),
  /** Somebody looked at it: seen again it is a new one. @throws AppError not_found for that of another product */
  closeSignalIn: (tx: Tx, input: CloseSignal) => closeSignalIn(tx, input),
  now: () => clock.now(),
})

function createRetry(
  { store, log: logger }: Pick<MarketplaceDeps, "store" | "log">,
  isClosing: () => boolean,
): ForwardDeps["untilWritten"] {
  return async (ctx: WriteContext, mutation) => {
    for (let waitMs = 20; ; waitMs = Math.min(waitMs * 2, RETRY_MS_MAX)) {
      try {
        return await store.write(ctx, (tx) => mutation(tx), SETTLE)
      } catch (error) {
        logger.error("marketplace.settle_failed", { request: ctx.requestId, error })
        if (isClosing()) return
        await Bun.sleep(waitMs)
      }
    }
  }
}
