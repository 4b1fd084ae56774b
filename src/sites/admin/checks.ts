// The admin's line of truth: is everything well, in a few words each.

import { type Clock, HOUR_MS, MINUTE_MS } from "../../app/index.ts"
import type { Gateway } from "../../gateway/index.ts"
import type { Proxies } from "../../http/index.ts"
import type { Jobs } from "../../jobs/index.ts"
import type { Outbox } from "../../outbox/index.ts"
import type { Check } from "./site.ts"
import type { Verification } from "./verification.ts"

export interface CheckDeps {
  gateway: Gateway
  jobs: Jobs
  clock: Clock
  verification: Pick<Verification, "last" | "running">
  outbox: Pick<Outbox, "counts">
  /** Where mail goes: by SMTP, to the demo's mailbox, or to the log alone. */
  mail: "smtp" | "mailbox" | "log"
  proxies: Pick<Proxies, "untrusted">
}

export function adminChecks(deps: CheckDeps): Check[] {
  const { gateway } = deps
  const all = [service(gateway), upstreams(gateway), ...answers(gateway), books(deps), jobs(deps.jobs), mail(deps)]
  const peer = deps.proxies.untrusted()
  return peer === null ? all : [...all, proxy(peer)]
}

function service({ liveCalls }: Gateway): Check {
  const running = liveCalls === 1 ? "1 call running" : `${liveCalls} calls running`
  return { label: "Service", state: "ok", text: liveCalls === 0 ? "answering" : `answering, ${running}` }
}

function upstreams(gateway: Gateway): Check {
  const known = gateway.upstreams()
  const all = known.filter((one) => one.enabled)
  const failing = all.filter((one) => one.test && !one.test.ok)
  const base = { label: "Upstreams", href: "/admin/upstreams" }
  if (known.length === 0) return { ...base, href: "/admin/upstreams/new", state: "warn", text: "none yet: add one" }
  if (all.length === 0) return { ...base, state: "warn", text: "all turned off" }
  if (failing.length > 0) return { ...base, state: "bad", text: `${failing.map((one) => one.name).join(", ")} failing` }
  return { ...base, state: "ok", text: all.length === 1 ? "1 answering" : `${all.length} answering` }
}

/** Answers since the server started that were not what was asked for; nothing when there are none. */
function answers(gateway: Gateway): Check[] {
  const [first, ...rest] = gateway.alarms()
  if (!first) return []
  const { upstream, asked, got, count, what } = first
  const words = what === "over-maximum" ? `went past the maximum of ${asked}` : `answered ${asked} by ${got}`
  const times = count > 1 ? `, ${count} times` : ""
  const more = rest.length > 0 ? `, and more of the kind` : ""
  // A server may have a name of its own for a model; only a price would tell.
  const state = gateway.alarms().every((alarm) => alarm.what === "unknown-model") ? "warn" : "bad"
  return [{ label: "Answers", href: "/admin/audit", state, text: `${upstream} ${words}${times}${more}` }]
}

function books({ clock, verification }: Pick<CheckDeps, "clock" | "verification">): Check {
  const base = { label: "Books", href: "/admin/books" }
  const { last, running } = verification
  if (!last && running && clock.now() - running.startedMs < HOUR_MS)
    return { ...base, state: "ok", text: "being verified" }
  if (!last) return { ...base, state: "warn", text: "not verified yet" }
  if (!last.ok) return { ...base, state: "bad", text: "do not balance" }
  const minutes = Math.floor((clock.now() - last.atMs) / MINUTE_MS)
  const hours = Math.floor(minutes / 60)
  const stale = clock.now() - last.atMs > 3 * HOUR_MS
  const ago = minutes < 1 ? "just now" : hours < 1 ? `${minutes} min ago` : `${hours} h ago`
  return { ...base, state: stale ? "warn" : "ok", text: `verified ${ago}` }
}

/** Everybody behind it shares one address, and with it the limits on wrong passwords. */
const proxy = (peer: string): Check => ({
  label: "Proxy",
  state: "warn",
  text: `${peer} forwards requests but is not in PURSER_TRUSTED_PROXIES`,
})

function jobs(deps: Jobs): Check {
  const failing = deps.states().filter((job) => job.last_error !== null)
  if (failing.length === 0) return { label: "Jobs", state: "ok", text: "running" }
  return { label: "Jobs", state: "bad", text: `${failing.map((job) => job.name).join(", ")} failed` }
}

function mail(deps: CheckDeps): Check {
  const label = "Mail"
  if (deps.mail === "log") return { label, state: "warn", text: "no SMTP server is set; mail goes to the log" }
  const { late, dead } = deps.outbox.counts()
  if (dead > 0) return { label, state: "bad", text: `${dead} could not be sent` }
  if (late > 0) return { label, state: "warn", text: `${late} being tried again` }
  return { label, state: "ok", text: deps.mail === "mailbox" ? "in the demo mailbox" : "sent" }
}
