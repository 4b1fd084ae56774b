// The admin's line of truth: is everything well, in a few words each.

import { type Clock, HOUR_MS } from "../app/index.ts"
import type { Gateway } from "../gateway/index.ts"
import type { Jobs } from "../jobs/index.ts"
import type { Check } from "./site.ts"

export interface Verification {
  last: { atMs: number; ok: boolean } | null
}

export function adminChecks(deps: { gateway: Gateway; jobs: Jobs; clock: Clock; verification: Verification }): Check[] {
  return [{ label: "Service", state: "ok", text: "answering" }, upstreams(deps.gateway), books(deps), jobs(deps.jobs)]
}

function upstreams(gateway: Gateway): Check {
  const all = gateway.upstreams().filter((one) => one.enabled)
  const failing = all.filter((one) => one.test && !one.test.ok)
  const base = { label: "Upstreams", href: "/admin/upstreams" }
  if (all.length === 0) return { ...base, state: "warn", text: "none added yet" }
  if (failing.length > 0) return { ...base, state: "bad", text: `${failing.map((one) => one.name).join(", ")} failing` }
  return { ...base, state: "ok", text: all.length === 1 ? "1 answering" : `${all.length} answering` }
}

function books({ clock, verification }: { clock: Clock; verification: Verification }): Check {
  const last = verification.last
  if (!last) return { label: "Books", state: "warn", text: "being verified" }
  if (!last.ok) return { label: "Books", state: "bad", text: "do not balance; run “purser ledger verify”" }
  const minutes = Math.round((clock.now() - last.atMs) / 60_000)
  const stale = clock.now() - last.atMs > 3 * HOUR_MS
  return {
    label: "Books",
    state: stale ? "warn" : "ok",
    text: minutes < 1 ? "verified just now" : `verified ${minutes} min ago`,
  }
}

function jobs(deps: Jobs): Check {
  const failing = deps.states().filter((job) => job.last_error !== null)
  if (failing.length === 0) return { label: "Jobs", state: "ok", text: "running" }
  return { label: "Jobs", state: "bad", text: `${failing.map((job) => job.name).join(", ")} failed` }
}
