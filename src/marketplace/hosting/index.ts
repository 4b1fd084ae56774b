// The door of `hosting`: a fee that publishers pay for each published API and month, off unless the operator sets one.
import { DAY_MS, eachAlone, type Nano, nano, type PrincipalId, UserId } from "../../app/index.ts"
import { auditIn } from "../../audit/index.ts"
import { principal } from "../../ledger/index.ts"
import type { Tx } from "../../store/index.ts"
import type { MarketplaceDeps } from "../deps.ts"
import { HOSTING_LIMITS as L } from "./limits.ts"
import { hostingCharged } from "./mails.ts"
import { keyOf, monthOf, monthStart, nextMonth } from "./rules.ts"
import { HOSTING_FEE } from "./settings.ts"
import { type ChargedMonth, chargedOf, hostedBy, hostedById, uncharged } from "./store.ts"

export type { ChargedMonth } from "./store.ts"

type Deps = Pick<MarketplaceDeps, "store" | "clock" | "settings" | "ledger" | "makers" | "mails">

const CTX = { actor: "system:charge-hosting", requestId: "job_charge-hosting", reason: "hosting of APIs" }

export interface HostingShown {
  /** Of each API and month; 0 = none is charged. */
  feeNano: Nano
  /** What would be charged for now. */
  products: readonly { title: string; slug: string }[]
  totalNano: Nano
  nextMs: number
  charged: readonly ChargedMonth[]
}

export const createHosting = (deps: Deps) => ({
  /** The job. @returns whether more is to be charged */
  chargeDue: (rows: number) => chargeDue(deps, rows),
  /** What a publisher pays. */
  hostingOf({ ownerId }: { ownerId: PrincipalId }): HostingShown {
    const { settings, store, clock } = deps
    const feeNano = settings.get(HOSTING_FEE)
    const products = hostedBy(store.read, ownerId).map(({ title, slug }) => ({ title, slug }))
    return {
      feeNano,
      products,
      totalNano: nano(feeNano * products.length),
      nextMs: nextMonth(clock.now()),
      charged: chargedOf(store.read, ownerId, L.chargedShown),
    }
  },
})

/** Only on the first days of a month: who switches the fee on later charges from the next one on. A product's first, broken month is free. */
async function chargeDue(deps: Deps, rows: number): Promise<boolean> {
  const { store, clock, settings } = deps
  const now = clock.now()
  const startMs = monthStart(now)
  if (settings.get(HOSTING_FEE) === 0 || now >= startMs + L.chargeDays * DAY_MS) return false
  const due = uncharged(store.read, monthOf(now), startMs, rows)
  await eachAlone(
    due,
    ({ publicId }) => publicId,
    ({ publicId }) => store.write(CTX, (tx) => chargeIn(deps, tx, publicId)),
  )
  return due.length === rows
}

function chargeIn({ ledger, settings, makers, mails }: Deps, tx: Tx, publicId: string): void {
  const feeNano = settings.get(HOSTING_FEE, tx)
  const product = hostedById(tx, publicId)
  if (feeNano === 0 || product === null) return
  const month = monthOf(tx.now)
  const seller = principal(product.ownerId)
  const fee = ledger.chargeSellerIn(tx, { seller, mode: "live", amountNano: feeNano, key: keyOf(publicId, month) })
  if (fee.already) return
  auditIn(tx, {
    action: "product.hosting_charged",
    subject: publicId,
    after: { title: product.title, month, nano: feeNano },
  })
  const person = makers.userById(UserId(product.ownerId))
  const data = { product: product.slug, feeNano, month, from: fee.from }
  if (person) mails.queueIn(tx, hostingCharged, { to: person.email, data, uselessAfterMs: null })
}

export type Hosting = ReturnType<typeof createHosting>
