// Credits that an app takes from somebody who lets it: a charge like any other, held and settled within their limit of the day, in the app's name.
// It goes to the house; a developer who wants to earn sells a product, which people agree to by its price.
import { AppError, amountJson, creditsDecimal, type Nano, nano } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Tx } from "../store/index.ts"
import { METERING_LIMITS as L } from "./limits.ts"
import { reportedBy } from "./reporter.ts"
import type { MeteringDeps, Taking } from "./types.ts"

/** As usage names it; no service has such a name. */
export const TAKEN = "credits/deduct"
const PICO_PER_NANO = 1_000n

export async function take(deps: MeteringDeps, taking: Taking): Promise<Response> {
  const { requestId, startMs, scope, user, once } = taking
  const amountNano = checked(taking.amountNano)
  const zero = nano(0)
  return deps.gateway.chargedFixed({
    requestId,
    startMs,
    caller: reportedBy(deps, taking, { scope, checkIn: (tx) => noteIn(tx, taking) }),
    endpoint: "metering",
    scope,
    model: TAKEN,
    prices: JSON.stringify({ v: 1, service: TAKEN, unit: "n$", pico: String(PICO_PER_NANO) }),
    charge: {
      totalNano: amountNano,
      upstreamNano: zero,
      developerNano: zero,
      platformNano: amountNano,
      rawPico: BigInt(amountNano) * PICO_PER_NANO,
    },
    units: { units: amountNano },
    // Its own name, so that a use and an act of one name are two.
    once: { ...once, key: `${TAKEN} ${once.key}` },
    answer: ({ chargedNano, balanceAfterNano }, transactionId) =>
      JSON.stringify({
        message: `Took ${creditsDecimal(chargedNano)} credits.`,
        already: false,
        transaction_id: transactionId,
        user: user.publicId,
        charged: amountJson(chargedNano),
        balance: amountJson(balanceAfterNano),
      }),
  })
}

/** A charge has no room for words; a repeat undoes them with the rest of its body. */
const noteIn = (tx: Tx, { user, app, amountNano, scope, reason, requestId }: Taking): void =>
  auditIn(tx, {
    action: "credits.taken",
    subject: user.publicId,
    after: { app: app.publicId, credits: creditsDecimal(amountNano), scope, reason, request: requestId },
  })

/** @throws AppError validation_failed */
function checked(amountNano: Nano): Nano {
  if (Number.isSafeInteger(amountNano) && amountNano > 0 && amountNano <= L.chargeNanoMax) return amountNano
  const words = "Give an amount above 0 and up to $10,000, as text."
  throw new AppError("validation_failed", words, { param: "amount", fields: { errors: { amount: words } } })
}
