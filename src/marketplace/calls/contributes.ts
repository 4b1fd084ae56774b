// What `calls` contributes: its mails, settings and sentences, what it writes and forgets by itself, and what happens to product keys with
// their person. Every call asks whether the person of its key is suspended.
import { DAY_MS, HOUR_MS, inRounds } from "../../app/index.ts"
import type { Marketplace } from "../index.ts"
import type { MarketPart } from "../types.ts"
import { SEALED_SIGNING } from "./keys/issue.ts"
import { productKeyCreated } from "./keys/mails.ts"
import { CALL_LIMITS as L } from "./limits.ts"
import { quotaPassed } from "./quota/mails.ts"
import { CALL_SENTENCES } from "./sentences.ts"
import { CALL_DAYS, CALL_KEEPS, CALL_SETTINGS } from "./settings.ts"
import { keySignal } from "./signals/mails.ts"
import { eraseProductKeys } from "./store-personal.ts"
import { serverTold } from "./uptime/mails.ts"

const CTX = { actor: "system:forget-product-calls", requestId: "job:forget-product-calls", reason: "kept long enough" }

export const callsPart: MarketPart<Marketplace> = {
  letters: [productKeyCreated, quotaPassed, keySignal, serverTold],
  settings: CALL_SETTINGS,
  keeps: CALL_KEEPS,
  sealed: [SEALED_SIGNING],
  sentences: CALL_SENTENCES,
  run: ({ marketplace: { calls }, store, settings }) => {
    const surges = inRounds((after, rows) => calls.lookForSurges(after, rows))
    const probes = inRounds((after) => calls.probeSome(after))
    return {
      jobs: [
        {
          name: "write-product-key-uses",
          goesOn: true,
          everyMs: L.usesEveryMs,
          async run() {
            await calls.flushUses()
            return false
          },
        },
        {
          name: "forget-product-calls",
          everyMs: L.sweepEveryMs,
          run: ({ rows }) =>
            store.write(CTX, (tx) => {
              const isMore = calls.forgetCallsIn(tx, tx.now - settings.get(CALL_DAYS) * DAY_MS, rows)
              const nonces = calls.forgetNoncesIn(tx, rows)
              return calls.forgetSignalsIn(tx, tx.now - L.signalDays * DAY_MS, rows) || isMore || nonces
            }),
        },
        {
          name: "look-for-surges",
          everyMs: HOUR_MS,
          async run({ rows }) {
            const goesOn = await surges(rows)
            if (!goesOn) await calls.tellOfErrors()
            return goesOn
          },
        },
        {
          name: "probe-products",
          everyMs: L.probeEveryMs,
          run: ({ rows }) => probes(rows),
        },
      ],
      lifecycle: { erased: (tx, { id }, rows) => eraseProductKeys(tx, id, rows) },
    }
  },
}
