// For tests of calls: a product with its plans and subscribers as rows, and a server of a publisher that says what it got.
import type { Server } from "bun"
import type { Keyring } from "../../app/index.ts"
import { type Nano, nano, PrincipalId, UserId } from "../../app/index.ts"
import { sealIn } from "../../part/index.ts"
import { insertRow, type Tx } from "../../store/index.ts"
import { SEALED_SIGNING } from "../catalog/sealed.ts"
import {
  marketEndpoints,
  marketPlans,
  marketPlanTerms,
  marketProducts,
  marketPublishers,
  marketQuotas,
  marketRates,
  marketSubscriptions,
} from "../tables.ts"
import type { QuotaTerms, RateTerms } from "./offer.ts"

export interface PlanGiven {
  quotas?: QuotaTerms[]
  rates?: RateTerms[]
  overageNano?: Nano | null
  overageCapNano?: Nano | null
}

type EndpointGiven = Partial<typeof marketEndpoints.$inferInsert> & { path: string }

export interface ProductGiven {
  slug?: string
  ownerId: number
  upstreamUrl: string
  plans?: PlanGiven[]
  endpoints?: EndpointGiven[]
  product?: Partial<typeof marketProducts.$inferInsert>
}

export interface MadeProduct {
  id: number
  publisher: string
  slug: string
  planIds: number[]
  termsIds: number[]
  endpointIds: number[]
}

export const SIGNING_SECRET = "a secret that signs for the publisher"
let made = 0

/** Published, as its publisher would have made it. */
export function productIn(tx: Tx, keyring: Keyring, given: ProductGiven): MadeProduct {
  const times = { createdMs: tx.now, updatedMs: tx.now }
  const no = ++made
  const { slug = `product-${no}`, ownerId, upstreamUrl } = given
  const publisher = `publisher-${no}`
  const publisherId = insertRow(tx, marketPublishers, {
    publicId: `pub_${no}`,
    ownerId: PrincipalId(ownerId),
    slug: publisher,
    name: "Ada",
    ...times,
  })
  const publicId = `prd_${no}`
  const id = insertRow(tx, marketProducts, {
    publicId,
    publisherId,
    slug,
    title: "Weather",
    upstreamUrl,
    state: "published",
    signingSecret: sealIn(tx, keyring, SEALED_SIGNING, [publicId], SIGNING_SECRET),
    ...times,
    ...given.product,
  })
  const plans = given.plans ?? [{}]
  const planIds = plans.map((_, rank) =>
    insertRow(tx, marketPlans, { publicId: `mpl_${no}_${rank}`, productId: id, rank, name: `Plan ${rank}`, ...times }),
  )
  const termsIds = plans.map((plan, at) => termsIn(tx, planIds[at]!, plan))
  const endpointIds = (given.endpoints ?? [{ path: "/weather/{city}" }]).map((endpoint, position) =>
    insertRow(tx, marketEndpoints, {
      publicId: `epd_${no}_${position}`,
      productId: id,
      position,
      method: "GET",
      title: endpoint.path,
      ...times,
      ...endpoint,
    }),
  )
  return { id, publisher, slug, planIds, termsIds, endpointIds }
}

export function termsIn(tx: Tx, planId: number, { quotas = [], rates = [], ...paid }: PlanGiven): number {
  const version =
    (tx.get<{ n: number }>("SELECT count(*) AS n FROM market_plan_terms WHERE plan_id = ?", planId)?.n ?? 0) + 1
  const termsId = insertRow(tx, marketPlanTerms, {
    planId,
    version,
    priceNano: nano(0),
    cycle: "month",
    createdMs: tx.now,
    ...paid,
  })
  for (const quota of quotas) insertRow(tx, marketQuotas, { termsId, ...quota })
  for (const rate of rates) insertRow(tx, marketRates, { termsId, ...rate })
  return termsId
}

/** @returns its id */
export function subscribeIn(tx: Tx, product: MadeProduct, userId: number, plan = 0): number {
  const day = 86_400_000
  return insertRow(tx, marketSubscriptions, {
    publicId: `msb_${product.id}_${userId}`,
    productId: product.id,
    userId: UserId(userId),
    payerId: PrincipalId(userId),
    planId: product.planIds[plan]!,
    termsId: product.termsIds[plan]!,
    state: "active",
    anchorMs: tx.now,
    periodStartMs: tx.now,
    periodEndMs: tx.now + 30 * day,
    createdMs: tx.now,
    updatedMs: tx.now,
  })
}

export interface Got {
  method: string
  url: string
  headers: Record<string, string>
  body: string
}

/** A publisher's server: keeps what it got, and answers it as JSON unless told otherwise. */
export class Echo {
  readonly got: Got[] = []
  answer: (request: Request, got: Got) => Response | Promise<Response> = (_, got) => Response.json(got)
  private readonly server: Server<undefined>

  constructor() {
    this.server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      idleTimeout: 0,
      fetch: async (request) => {
        const { pathname, search } = new URL(request.url)
        const got = {
          method: request.method,
          url: `${pathname}${search}`,
          headers: Object.fromEntries(request.headers),
          body: await request.text(),
        }
        this.got.push(got)
        return this.answer(request, got)
      },
    })
  }
  get url(): string {
    return `http://127.0.0.1:${this.server.port}`
  }
  close(): void {
    void this.server.stop(true)
  }
}
