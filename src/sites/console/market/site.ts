// What the pages of the marketplace are made of: an open site that knows who is signed in, and the nouns of the domain by their readings.
import type { Marketplace } from "../../../marketplace/index.ts"
import { admit, type BaseRequest, type PageRequest, personOf, type Site, seated } from "../../base/index.ts"
import type { ConsoleDeps } from "../site.ts"
import type { MARKET_PAGES } from "./pages.ts"

/** Anybody's request; `person` when they are signed in to the console. */
export interface MarketRequest extends BaseRequest {
  person: PageRequest | null
}

export type MarketSite = Site<MarketRequest, (typeof MARKET_PAGES)[number]["path"]>
export type MarketDeps = Pick<
  ConsoleDeps,
  | "web"
  | "teams"
  | "clock"
  | "store"
  | "identity"
  | "developers"
  | "media"
  | "ledger"
  | "marketplace"
  | "settings"
  | "limits"
>

/** Address of a publisher's picture; undefined = they have none. */
export const logoOf = (
  { media }: Pick<MarketDeps, "media">,
  publisherId: string,
  width: 64 | 128,
): string | undefined => media.addressOf({ purpose: "icon", subject: publisherId }, width)

export type Product = NonNullable<ReturnType<Marketplace["catalog"]["productBySlug"]>>
export type Endpoint = ReturnType<Marketplace["catalog"]["endpointsOf"]>[number]
export type Plan = ReturnType<Marketplace["plans"]["plansOf"]>[number]
export type Terms = Plan["terms"]

export function enterMarket(deps: MarketDeps, request: Request): MarketRequest {
  const person = personOf(deps, request)
  if (person) return { ...person, person }
  return {
    request,
    person: null,
    render: (view, options) => deps.web.page(request, undefined, view, { pack: true, ...options }),
  }
}

/** Anybody reads, with what whoever they act as subscribed to; what is sent needs the right that its route says. */
export function admitMarket(page: MarketRequest, method: "GET" | "POST", path: string): MarketRequest | Response {
  if (!page.person) return page
  const person = method === "GET" ? seated(page.person) : admit(page.person, method, path)
  return person instanceof Response ? person : { ...person, person }
}
