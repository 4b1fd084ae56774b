// /developer/apps/:app/requests: the calls of an app one by one with their filters, and one of them. What was said is nowhere here.
import {
  type AppCallRow,
  AppRequestPage,
  AppRequestsPage,
  type CallsShown,
} from "../../../views/portal/app-requests.tsx"
import { type AppCall, type CallPlace, callOfApp } from "../../analytics/index.ts"
import { dayOf, ensure } from "../../app/index.ts"
import type { Client } from "../../oauth/index.ts"
import { CALLS_DAYS } from "../../usage/index.ts"
import type { PageRequest } from "../base/index.ts"
import { mine, pathOf } from "./places.ts"
import type { PortalDeps, PortalSite } from "./site.ts"

const PAGE_ROWS = 50
const ONLY: readonly CallsShown[] = ["all", "answered", "failed", "refused"]
/** No model's name is longer. */
const MODEL_CHARS_MAX = 200

export function appRequestRoutes(site: PortalSite, deps: PortalDeps): void {
  site.get("/developer/apps/:app/requests", (page, { app }) => requestsPage(deps, page, mine(deps, page, app)))
  site.get("/developer/apps/:app/requests/:appcall", (page, { app, appcall }) => {
    const client = mine(deps, page, app)
    const call = appcall.length > 64 ? null : callOfApp(deps.store.read, client.id, appcall)
    ensure(
      call && isTheirs(client)(call),
      "not_found",
      "This app has no such call, or it is older than calls are kept.",
    )
    const { scope, stream, firstTokenMs, cachedTokens, reasoningTokens, earnedNano } = call
    const more = { scope, stream, firstTokenMs, cachedTokens, reasoningTokens, earned: earnedNano }
    const props = { now: deps.clock.now(), app: appOf(client), call: { ...callRow(call), ...more } }
    return page.render((frame) => AppRequestPage({ frame, ...props }))
  })
}

export const appOf = ({ publicId, name }: Client) => ({ id: publicId, name })

/** Calls of before the app was handed over name people who allowed nothing to its developer of now. */
export const isTheirs =
  ({ movedMs }: Client) =>
  (call: AppCall) =>
    movedMs === null || call.atMs > movedMs

export function callRow(call: AppCall): AppCallRow {
  const { requestId, atMs, userId, endpoint, model, status, errorCode, latencyMs, inputTokens, outputTokens } = call
  const told = { requestId, atMs, userId, endpoint, model, status, errorCode, latencyMs, inputTokens, outputTokens }
  return { ...told, isGone: call.end === "client_gone", isRefused: call.end === "refused", charge: call.chargeNano }
}

/** "1795819616143.req_…"; anybody may write another, which begins the list at its top. */
function placeOf(text: string | null): CallPlace | null {
  const [, atMs, requestId] = /^(\d{1,15})\.([\w-]{1,64})$/.exec(text ?? "") ?? []
  return atMs === undefined || requestId === undefined ? null : { atMs: Number(atMs), requestId }
}

async function requestsPage(deps: PortalDeps, page: PageRequest, client: Client): Promise<Response> {
  const { searchParams } = new URL(page.request.url)
  const only = ONLY.find((one) => one === searchParams.get("only")) ?? "all"
  const model = (searchParams.get("model") ?? "").trim().slice(0, MODEL_CHARS_MAX)
  const before = placeOf(searchParams.get("before"))
  const keptDays = deps.settings.get(CALLS_DAYS)
  const today = dayOf(deps.clock.now())
  const found = await deps.analytics.calls({
    clientId: client.id,
    span: { from: Math.max(today - keptDays + 1, dayOf(client.movedMs ?? 0)), to: today },
    before,
    only,
    model: model || undefined,
    limit: PAGE_ROWS,
  })
  const theirs = found.calls.filter(isTheirs(client))
  const hrefOf = (place: CallPlace | null): string => {
    const query = new URLSearchParams({
      ...(only === "all" ? {} : { only }),
      ...(model === "" ? {} : { model }),
      ...(place === null ? {} : { before: `${place.atMs}.${place.requestId}` }),
    })
    return `${pathOf(client)}/requests${query.size === 0 ? "" : `?${query}`}`
  }
  const props = {
    now: deps.clock.now(),
    app: appOf(client),
    only,
    model,
    calls: theirs.map(callRow),
    firstHref: before === null ? undefined : hrefOf(null),
    nextHref: found.next === null || theirs.length < found.calls.length ? undefined : hrefOf(found.next),
    keptDays,
  }
  return page.render((frame) => AppRequestsPage({ frame, ...props }))
}
