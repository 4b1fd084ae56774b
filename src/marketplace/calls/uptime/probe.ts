// Asks the servers of published APIs now and then whether they answer: anything but an error of theirs counts. What changes is told to the
// publisher once.
import { dayOf, eachAlone, UserId } from "../../../app/index.ts"
import type { Tx } from "../../../store/index.ts"
import type { CallsCore } from "../core.ts"
import { VIA } from "../forward/headers.ts"
import { CALL_LIMITS as L } from "../limits.ts"
import { type ServerData, serverTold } from "./mails.ts"
import { addCheck, failingToday, healthRow, type Probed, publisherOfProduct, saveHealth, toProbe } from "./store.ts"

const CTX = { actor: "system:marketplace", requestId: "job:probe-products", reason: "servers of APIs were asked" }

/** @returns the product to go on after; null = all were asked */
export async function probeSome(core: CallsCore, afterId: number): Promise<number | null> {
  const some = toProbe(core.store.read, afterId, L.probesAtOnce)
  const seen = await Promise.all(some.map(async (product) => ({ product, ...(await probe(core, product)) })))
  const next = some.length < L.probesAtOnce ? null : some.at(-1)!.id
  await eachAlone(
    seen,
    ({ product }) => product.id,
    ({ product, isUp, ms }) => core.store.write(CTX, (tx) => noteIn(core, tx, product.id, isUp, ms)),
    next,
  )
  return next
}

async function probe({ safeForward }: CallsCore, { upstreamUrl }: Probed): Promise<{ isUp: boolean; ms: number }> {
  const startMs = performance.now()
  try {
    const response = await safeForward(upstreamUrl.endsWith("/") ? upstreamUrl : `${upstreamUrl}/`, {
      method: "GET",
      headers: [
        ["user-agent", "purser-uptime"],
        ["via", VIA],
      ],
      body: null,
      signal: AbortSignal.timeout(L.probeMs),
    })
    void response.body?.cancel().catch(() => {})
    return { isUp: response.status < 500, ms: Math.round(performance.now() - startMs) }
  } catch {
    return { isUp: false, ms: 0 }
  }
}

function noteIn(core: CallsCore, tx: Tx, productId: number, isUp: boolean, ms: number): void {
  addCheck(tx, { productId, day: dayOf(tx.now), checks: 1, up: isUp ? 1 : 0, msSum: isUp ? ms : 0 })
  const before = healthRow(tx, productId)
  const failures = isUp ? 0 : (before?.failures ?? 0) + 1
  const state = isUp ? "up" : failures >= L.probeFailures ? "down" : (before?.state ?? "up")
  const isSame = before?.state === state
  saveHealth(tx, {
    productId,
    state,
    sinceMs: isSame ? before.sinceMs : tx.now,
    checkedMs: tx.now,
    failures,
    errorsDay: before?.errorsDay ?? 0,
  })
  // The first word of a server that answers is no news.
  if (!isSame && (before !== null || state === "down")) tellIn(core, tx, productId, { what: state, percent: 0 })
}

/** Whoever had many errors today is told of it, once a day. */
export function tellOfErrors(core: CallsCore): Promise<void> {
  return core.store.write(CTX, (tx) => {
    const day = dayOf(tx.now)
    for (const { productId, calls, errors } of failingToday(tx, day, L.errorCallsLeast)) {
      const percent = Math.floor((errors * 100) / calls)
      const health = healthRow(tx, productId)
      if (percent < L.errorPercent || health?.errorsDay === day) continue
      const fresh = { productId, state: "up" as const, sinceMs: tx.now, checkedMs: tx.now, failures: 0 }
      saveHealth(tx, { ...(health ?? fresh), errorsDay: day })
      tellIn(core, tx, productId, { what: "errors", percent })
    }
  })
}

function tellIn(
  { makers, mails }: CallsCore,
  tx: Tx,
  productId: number,
  told: Pick<ServerData, "what" | "percent">,
): void {
  const product = publisherOfProduct(tx, productId)
  const person = product && makers.userById(UserId(product.ownerId))
  if (!product || !person) return
  const data = { product: product.title, publicId: product.publicId, ...told }
  mails.queueIn(tx, serverTold, { to: person.email, data, uselessAfterMs: tx.now + L.tellMs })
}
