// A use of a service, charged like any call: held and settled, once for each key, explained by its price and its quantity.
import { AppError, amountJson, ensure } from "../app/index.ts"
import type { Tx } from "../store/index.ts"
import { nanoOfPico } from "./price-text.ts"
import { reportedBy } from "./reporter.ts"
import { chargeFor, checkQuantity, snapshotOf } from "./rules.ts"
import { serviceBySlug } from "./store.ts"
import type { MeteringDeps, Service, Use } from "./types.ts"

export async function track(deps: MeteringDeps, use: Use): Promise<Response> {
  const { quantity, requestId, startMs, once } = use
  const service = sold(deps, use)
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

/** What is refused here is a row of whoever would have paid, as all later refusals are. */
function sold(deps: MeteringDeps, use: Use): Service {
  const service = serviceBySlug(deps.store.read, use.service)
  try {
    ensure(service?.active, "not_found", "There is no such service. An admin adds it under Services.")
    checkQuantity(service, use.quantity)
    return service
  } catch (error) {
    const call = {
      requestId: use.requestId,
      startMs: use.startMs,
      caller: callerOf(deps, use, service),
      endpoint: "metering",
      scope: service?.scope ?? "",
      requested: use.service,
      model: service?.slug ?? "",
    } as const
    if (error instanceof AppError) deps.gateway.noteRefused(call, error)
    throw error
  }
}

const callerOf = (deps: MeteringDeps, use: Use, service: Service | null) =>
  reportedBy(deps, use, service && { scope: service.scope, checkIn: (tx) => sameIn(tx, service) })

/** Nobody is charged a price that was changed before. */
function sameIn(tx: Tx, service: Service): void {
  const now = serviceBySlug(tx, service.slug)
  ensure(now?.active, "not_found", "This service was just turned off.")
  if (now.updatedMs !== service.updatedMs) {
    throw new AppError("conflict", "The price of this service was just changed. Send the use again.")
  }
}
