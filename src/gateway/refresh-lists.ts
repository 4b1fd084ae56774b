// Which models each provider offers, by the operator's own test of it, and what OpenRouter's list says they cost: once a day by the job,
// and whenever an operator asks. By itself a demo asks nobody, and a house without a provider elsewhere has nothing to ask for.
import { type Clock, type Config, DAY_MS, HOUR_MS } from "../app/index.ts"
import { CATALOGUE_ON, CATALOGUE_URL, type CatalogueRead, type Pricing } from "../pricing/index.ts"
import type { Settings } from "../settings/index.ts"
import type { WriteContext } from "../store/index.ts"
import type { Gateway, Upstream } from "./types.ts"

export interface ListsDeps {
  gateway: Pick<Gateway, "upstreams" | "testUpstream">
  pricing: Pick<Pricing, "catalogue">
  settings: Pick<Settings, "get">
  clock: Clock
}

export interface ListsRead {
  /** As they stand after their test. */
  upstreams: Upstream[]
  catalogue: CatalogueRead
}

/** After a read that failed: often enough to notice that the network is back, seldom enough for a house without one. */
const AGAIN_MS = 6 * HOUR_MS

const CTX: WriteContext = {
  actor: "system:refresh-prices",
  requestId: "job_refresh-prices",
  reason: "daily read of lists",
}

/** What is older than a day. @param signal aborted when the server stops: what is left is read by the next run */
export async function refreshDueLists(
  deps: ListsDeps & { config: Pick<Config, "demo"> },
  signal?: AbortSignal,
): Promise<void> {
  const { gateway, pricing, settings, clock, config } = deps
  if (config.demo || settings.get(CATALOGUE_ON) === "off") return
  const remote = remoteOf(deps)
  for (const one of remote) {
    if (signal?.aborted) return
    if (isDue(one.test, clock.now())) await gateway.testUpstream(CTX, one.publicId)
  }
  if (remote.length === 0 || signal?.aborted) return
  const [last] = pricing.catalogue.reads()
  if (isDue(last ?? null, clock.now())) await pricing.catalogue.refresh(CTX, settings.get(CATALOGUE_URL))
}

/** All of it, now, as somebody asked. Faults of the others are the result. */
export async function refreshLists(deps: ListsDeps, ctx: WriteContext): Promise<ListsRead> {
  const { gateway, pricing, settings } = deps
  const [catalogue, ...upstreams] = await Promise.all([
    pricing.catalogue.refresh(ctx, settings.get(CATALOGUE_URL)),
    ...remoteOf(deps).map((one) => gateway.testUpstream(ctx, one.publicId)),
  ])
  return { catalogue, upstreams }
}

const remoteOf = ({ gateway }: ListsDeps): Upstream[] =>
  gateway.upstreams().filter((one) => one.enabled && !one.isLocal)

const isDue = (last: Pick<NonNullable<Upstream["test"]>, "atMs" | "ok"> | null, nowMs: number): boolean =>
  last === null || nowMs - last.atMs >= (last.ok ? DAY_MS : AGAIN_MS)
