// The calls of an API, for its publisher: sums by endpoint, the log, and signs of unusual use, which they close when they looked.
import {
  type CallerShown,
  type ProductCallRow,
  ProductCallsPage,
  type SignRow,
} from "../../../../views/portal/publisher/calls.tsx"
import { field, form } from "../../../http/index.ts"
import { CALL_DAYS, CALL_LIMITS, type Product } from "../../../marketplace/index.ts"
import { isOpenTo, type PageRequest } from "../../base/index.ts"
import type { PortalDeps, PortalSite } from "../site.ts"
import { lastDays, sumsOf } from "./figures.ts"
import { pathOf, productOf } from "./places.ts"
import { shown } from "./product.ts"

const PATH = "/publisher/products/:product"
const CLOSE = form({ sign: field.hidden({ label: "Sign" }) }, { submit: "Close" })
const here = (product: Product): string => `${pathOf(product)}/calls`

export function productCallRoutes(site: PortalSite, deps: PortalDeps): void {
  const { marketplace, store } = deps
  const load = (page: PageRequest, { product }: { product: string }) => productOf(deps, page, product)
  site.get(`${PATH}/calls`, (page, ids) => callsPage(deps, page, load(page, ids)))
  site.post(`${PATH}/signs/closing`, {
    load,
    form: CLOSE,
    async act(page, { sign }, product) {
      const signalId = /^\d{1,15}$/.test(sign) ? Number(sign) : 0
      await store.write(page.ctx("looked at a sign"), (tx) =>
        marketplace.calls.closeSignalIn(tx, { product, signalId }),
      )
      return { to: `${here(product)}#signs`, say: "Closed. Seen again, it is a new one." }
    },
    back: here,
  })
}

function callsPage(deps: PortalDeps, page: PageRequest, product: Product): Response {
  const { calls, catalog } = deps.marketplace
  const { searchParams } = new URL(page.request.url)
  const only = searchParams.get("only") === "errors" ? ("errors" as const) : ("all" as const)
  const before = /^\d{1,15}$/.exec(searchParams.get("before") ?? "")?.[0]
  const rows = calls.callsOfProduct(product.id, {
    beforeId: before === undefined ? undefined : Number(before),
    status: only === "errors" ? "failed" : undefined,
    limit: CALL_LIMITS.logPageRows + 1,
  })
  const listed = rows.slice(0, CALL_LIMITS.logPageRows)
  const path = here(product)
  const asked = only === "errors" ? "only=errors&" : ""
  const { total, endpoints } = calls.figuresOfProduct(product.id, lastDays(deps))
  const names = new Map(catalog.endpointsOf(product.id).map((one) => [one.id, `${one.method} ${one.path}`]))
  const callerOf = isOpenTo(page.user, `${PATH}/consumers`) ? callers(deps, product) : () => "hidden" as const
  const props = {
    now: deps.clock.now(),
    product: shown(product),
    isDown: calls.isDown(product.id) || calls.healthOf(product.id).state === "down",
    sums: sumsOf(total),
    refused: total.refused,
    endpoints: endpoints
      .filter(({ figures }) => figures.calls + figures.failed > 0)
      .map(({ of, figures }) => ({ label: names.get(of) ?? "An endpoint that is gone", sums: sumsOf(figures) })),
    signs: calls.openSignalsOf(product.id).map((sign) => signShown(sign, callerOf(sign.subscriptionId))),
    only,
    calls: listed.map((call) => callShown(call, callerOf(call.subscriptionId))),
    firstHref: before === undefined ? undefined : `${path}${only === "errors" ? "?only=errors" : ""}`,
    nextHref: rows.length > listed.length ? `${path}?${asked}before=${listed.at(-1)!.id}` : undefined,
    keptDays: deps.settings.get(CALL_DAYS),
  }
  return page.render((frame) => ProductCallsPage({ frame: { ...frame, path }, ...props }))
}

/** Names as publishers see them, each asked for once. */
function callers({ marketplace, identity }: PortalDeps, product: Product) {
  const known = new Map<number, CallerShown | null>()
  return (subscriptionId: number): CallerShown | null => {
    const before = known.get(subscriptionId)
    if (before !== undefined) return before
    const row = marketplace.subscriptions.byId(subscriptionId)
    const caller = row && {
      href: `${pathOf(product)}/consumers/${encodeURIComponent(row.publicId)}`,
      name: identity.userById(row.userId)?.name ?? "",
    }
    known.set(subscriptionId, caller)
    return caller
  }
}

type Calls = PortalDeps["marketplace"]["calls"]

const signShown = (sign: ReturnType<Calls["openSignalsOf"]>[number], caller: SignRow["caller"]): SignRow => ({
  id: sign.id,
  rule: sign.rule,
  seen: sign.seen,
  usual: sign.usual,
  lastMs: sign.lastMs,
  caller,
})

/** Without what it cost: that is between the consumer and the house. */
const callShown = (call: ReturnType<Calls["callsOfProduct"]>[number], caller: SignRow["caller"]): ProductCallRow => ({
  requestId: call.requestId,
  atMs: call.atMs,
  method: call.method,
  path: call.path,
  status: call.status,
  error: call.errorCode,
  latencyMs: call.latencyMs,
  units: call.units,
  caller,
})
