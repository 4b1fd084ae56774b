// The processor's own pages, where cards and papers are looked after. What they allow is ours to say: with the account's defaults people may be
// able to change plans there, by rules and prices that are not shown here.
import { ensure, randomSecret } from "../../app/index.ts"
import type { WriteContext } from "../../store/index.ts"
import { scopeOn } from "../scope.ts"
import { customerOf } from "../store.ts"
import { PORTAL_TERMS, ProcessorError } from "../stripe/index.ts"
import type { BillingDepsOn, Buyer } from "../types.ts"
import { awayOr } from "./signups.ts"
import { portalOf, savePortal } from "./store.ts"

const CTX: WriteContext = { actor: "system:billing", requestId: "billing", reason: "the processor's pages were made" }

/** @returns the address of a page @throws AppError conflict for who never paid, unavailable */
export async function portal(deps: BillingDepsOn, buyer: Buyer): Promise<string> {
  const customerId = customerOf(deps.store.read, buyer.id, scopeOn(deps))
  ensure(customerId, "conflict", "You have not paid for anything yet.")
  const returnUrl = `${deps.baseUrl}/credits/plans`
  try {
    const configuration = portalOf(deps.store.read, scopeOn(deps), PORTAL_TERMS) ?? (await made(deps, "first"))
    try {
      return await deps.processor.createPortal({ customerId, returnUrl, configuration })
    } catch (error) {
      // Somebody took it out of use at the processor.
      if (!(error instanceof ProcessorError && ["gone", "invalid"].includes(error.kind))) throw error
      deps.log.warn("billing.portal_made_anew", { configuration, why: error.message })
      return await deps.processor.createPortal({
        customerId,
        returnUrl,
        configuration: await made(deps, randomSecret(9)),
      })
    }
  } catch (error) {
    throw awayOr(deps, error, customerId)
  }
}

async function made(deps: BillingDepsOn, turn: string): Promise<string> {
  const { store, processor, baseUrl } = deps
  const configurationId = await processor.createPortalConfiguration(
    { returnUrl: `${baseUrl}/credits/plans` },
    `portal:${PORTAL_TERMS}:${new URL(baseUrl).host}:${turn}`,
  )
  return await store.write(CTX, (tx) => {
    savePortal(tx, { ...scopeOn(deps), terms: PORTAL_TERMS, configurationId })
    return configurationId
  })
}
