// For tests of plans and subscriptions only: a publisher's product as rows.
import { type Nano, nano, type PrincipalId, UserId } from "../../app/index.ts"
import { insertRow, type Tx } from "../../store/index.ts"
import { marketProducts, marketPublishers } from "../tables.ts"
import type { TermsInput } from "./types.ts"

export const cents = (amount: number): Nano => nano(amount * 10_000_000)

export const terms = (more: Partial<TermsInput> = {}): TermsInput => ({
  priceNano: cents(0),
  cycle: "month",
  trialDays: 0,
  overageNano: null,
  overageCapNano: null,
  quotas: [{ period: "month", anchor: "anniversary", units: 1_000 }],
  rates: [{ endpointId: 0, span: "minute", requests: 60 }],
  ...more,
})

/** @returns the product's row id */
export function seedProduct(
  tx: Tx,
  slug: string,
  ownerId: PrincipalId = UserId(9),
  commissionBp: number | null = null,
): number {
  const known = tx.get<{ id: number }>("SELECT id FROM market_publishers WHERE owner_id = ?", ownerId)
  const publisherId =
    known?.id ??
    insertRow(tx, marketPublishers, {
      publicId: `pub_${ownerId}`,
      ownerId,
      slug: `publisher-${ownerId}`,
      name: "Weather Works",
      createdMs: tx.now,
      updatedMs: tx.now,
    })
  return insertRow(tx, marketProducts, {
    publicId: `prd_${slug}`,
    publisherId,
    slug,
    title: `The ${slug} API`,
    upstreamUrl: "https://upstream.example",
    state: "published",
    commissionBp,
    signingSecret: "sealed",
    createdMs: tx.now,
    updatedMs: tx.now,
  })
}
