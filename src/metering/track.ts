// A use of a service, charged like any call: held and settled, once for each key, explained by its price and its quantity.
import { AppError, amountJson, ensure } from "../app/index.ts"
import type { Caller } from "../gateway/index.ts"
import { principal } from "../ledger/index.ts"
import type { Tx } from "../store/index.ts"
import { nanoOfPico } from "./price-text.ts"
import { chargeFor, checkQuantity, snapshotOf } from "./rules.ts"
import { serviceBySlug } from "./store.ts"
import type { MeteringDeps, Service, Use } from "./types.ts"

export async function track(deps: MeteringDeps, use: Use): Promise<Response> {
  const { quantity, requestId, startMs, once } = use
  const service = serviceBySlug(deps.store.read, use.service)
  ensure(service?.active, "not_found", "There is no such service. An admin adds it under Services.")
  checkQuantity(service, quantity)
  return deps.gateway.chargedFixed({
    requestId,
    startMs,
    caller: callerOf(deps, use, service),
    endpoint: "metering",
    scope: service.scope,
    model: service.slug,
    prices: snapshotOf(service),
    charge: chargeFor(service, quantity),
    units: { units: quantity },
    once,
    answer: ({ chargedNano, balanceAfterNano }, transactionId) =>
      JSON.stringify({
        object: "metered_use",
        id: requestId,
        user: use.user.publicId,
        service: service.slug,
        unit: service.unit,
        quantity,
        unit_price: { nano: nanoOfPico(service.pricePico) },
        charged: amountJson(chargedNano),
        balance: amountJson(balanceAfterNano),
        transaction: transactionId,
      }),
  })
}

/** The person pays from their own wallet; nobody earns a share. */
function callerOf({ identity }: MeteringDeps, use: Use, service: Service): Caller {
  const { user, actor, keyId, mode } = use
  return {
    kind: "session",
    userId: user.id,
    userPublicId: user.publicId,
    payer: principal(user.id),
    clientId: null,
    clientPublicId: null,
    keyId,
    consentId: null,
    developer: null,
    mode,
    scopes: new Set([service.scope]),
    actor,
    requireIn(tx) {
      use.requireIn(tx)
      sameIn(tx, service)
      const { emailVerified } = identity.requireActiveIn(tx, user.id)
      return { dailyLimitNano: null, emailVerified }
    },
  }
}

/** Nobody is charged a price that was changed before. */
function sameIn(tx: Tx, service: Service): void {
  const now = serviceBySlug(tx, service.slug)
  ensure(now?.active, "not_found", "This service was just turned off.")
  if (now.updatedMs !== service.updatedMs) {
    throw new AppError("conflict", "The price of this service was just changed. Send the use again.")
  }
}
