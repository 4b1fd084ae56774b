// Documentation of a product: the overview with the guide to keys, and each endpoint with Try-it.
import {
  MarketDocsPage,
  MarketEndpointPage,
  type TryAnswer,
  type TryForm,
  type TryLock,
} from "../../../../views/console/market/index.ts"
import { ensure } from "../../../app/index.ts"
import { button } from "../../../http/index.ts"
import { callOf, endpointShown, treeOf } from "./endpoint-shown.ts"
import { addressOf, KEY_PLACEHOLDER, samplesOf } from "./samples/index.ts"
import { shellText } from "./samples/words.ts"
import { type Seen, seenOf } from "./seen.ts"
import type { Endpoint, MarketDeps, MarketRequest, MarketSite } from "./site.ts"
import { ask, formOf, keysFor, lockOf, requestOf, storedAnswer, type Typed, typedOf } from "./try.ts"

export function docsRoutes(site: MarketSite, deps: MarketDeps): void {
  const { catalog } = deps.marketplace
  site.get("/marketplace/:api/docs", (page, { api }) => {
    const seen = seenOf(deps, page, api)
    const first = firstOf(seen)
    const props = {
      tree: treeOf(seen, catalog.guidesOf(seen.product.id)),
      overview: seen.product.overview,
      baseUrl: seen.baseUrl,
      mcpUrl: deps.marketplace.tools.urlOf(seen.product.slug),
      samples: first ? samplesOf(callOf(seen, first)) : [],
      queryCall: first ? queryCallOf(seen, first) : "",
    }
    return page.render((frame) => MarketDocsPage({ frame, now: deps.clock.now(), product: seen.head, ...props }))
  })
  site.get("/marketplace/:api/docs/:endpoint", (page, params) => {
    const about = aboutOf(deps, page, params)
    return endpointPage(deps, page, about, typedOf(about.endpoint, null))
  })
  site.post("/marketplace/:api/docs/:endpoint", {
    load: (page, params: { api: string; endpoint: string }, sent) => {
      const about = aboutOf(deps, page, params)
      return { ...about, typed: typedOf(about.endpoint, sent) }
    },
    form: button("Send the call"),
    async act(page, _, { typed, ...about }) {
      const lock = lockOf(deps, about.seen, about.endpoint)
      if (lock !== undefined) return endpointPage(deps, page, about, typed, storedAnswer(about.endpoint))
      const made = requestOf(about.seen, about.endpoint, typed)
      if ("errors" in made) return endpointPage(deps, page, about, { ...typed, errors: made.errors }, undefined, 422)
      return endpointPage(
        deps,
        page,
        about,
        typed,
        await ask(deps, about.seen, { page, key: typed.key, request: made.request }),
      )
    },
    back: ({ endpoint, seen }) => `/marketplace/${seen.product.slug}/docs/${endpoint.publicId}`,
  })
}

interface About {
  seen: Seen
  endpoint: Endpoint
}

function aboutOf(deps: MarketDeps, page: MarketRequest, params: { api: string; endpoint: string }): About {
  const seen = seenOf(deps, page, params.api)
  const endpoint = seen.endpoints.find(({ publicId }) => publicId === params.endpoint)
  ensure(endpoint, "not_found", "There is no such endpoint. The documentation lists them all.")
  return { seen, endpoint }
}

function endpointPage(
  deps: MarketDeps,
  page: MarketRequest,
  { seen, endpoint }: About,
  typed: Typed,
  answer?: TryAnswer,
  status = 200,
): Response {
  const lock: TryLock | undefined = lockOf(deps, seen, endpoint)
  const form: TryForm = formOf(seen, endpoint, typed, keysFor(deps, seen))
  const tree = treeOf(seen, deps.marketplace.catalog.guidesOf(seen.product.id))
  const shown = endpointShown(seen, endpoint)
  const props = { now: deps.clock.now(), product: seen.head, tree, endpoint: shown, form, lock, answer }
  // What an API answers may hold secrets of its own.
  return page.render((frame) => MarketEndpointPage({ frame, ...props }), { status, pack: answer === undefined })
}

/** Whatever a first call is best made with: the simplest that every plan has. */
function firstOf({ endpoints }: Seen): Endpoint | undefined {
  const living = endpoints.filter(({ deprecated }) => !deprecated)
  return living.find(({ method, minPlanId }) => method === "GET" && minPlanId === null) ?? living[0]
}

function queryCallOf(seen: Seen, endpoint: Endpoint): string {
  const call = callOf(seen, endpoint)
  const values = [...call.values, { place: "query" as const, name: "api_key", value: KEY_PLACEHOLDER }]
  return `curl ${shellText(addressOf({ ...call, values }))}`
}
