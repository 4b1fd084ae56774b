// The public word of whether an API's server answers: a picture for other people's pages, and the same as JSON. Needs no key and tells
// nothing but this.
import { DAY_MS, dayOf } from "../../../app/index.ts"
import type { CallsCore } from "../core.ts"
import { pathBelowM } from "../path.ts"
import { healthRow, shownProduct, uptimeDays } from "./store.ts"

const DAYS = 30

export interface Health {
  /** Null: it was never asked. */
  state: "up" | "down" | null
  sinceMs: number | null
  checkedMs: number | null
  /** Of the last 30 days, in hundredths of a percent; null = it was never asked. */
  uptimeBp: number | null
}

export function healthOf({ store, clock }: Pick<CallsCore, "store" | "clock">, productId: number): Health {
  const row = healthRow(store.read, productId)
  const day = dayOf(clock.now())
  const days = uptimeDays(store.read, productId, day - DAYS + 1, day)
  const checks = days.reduce((sum, one) => sum + one.checks, 0)
  const up = days.reduce((sum, one) => sum + one.up, 0)
  return {
    state: row && clock.now() - row.checkedMs < DAY_MS ? row.state : null,
    sinceMs: row?.sinceMs ?? null,
    checkedMs: row?.checkedMs ?? null,
    uptimeBp: checks === 0 ? null : Math.floor((up * 10_000) / checks),
  }
}

/** `/m/:publisher/:product.svg` and `.json`; null = it is another address. */
export function statusAnswer(core: Pick<CallsCore, "store" | "clock" | "ownHost">, request: Request): Response | null {
  if (!/\.(svg|json)(\?|$)/.test(request.url)) return null
  const match = /^\/m\/([a-z0-9-]{1,80})\/([a-z0-9-]{1,80})\.(svg|json)$/.exec(
    pathBelowM(new URL(request.url), core.ownHost),
  )
  if (!match || !["GET", "HEAD"].includes(request.method)) return null
  const product = shownProduct(core.store.read, match[1]!, match[2]!, core.clock.now())
  if (!product) return null
  const health = healthOf(core, product.id)
  const headers = {
    "access-control-allow-origin": "*",
    "cache-control": "public, max-age=60",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
  }
  if (match[3] === "svg")
    return new Response(badge(health), { headers: { ...headers, "content-type": "image/svg+xml" } })
  const at = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
  const { state, sinceMs, checkedMs, uptimeBp } = health
  const uptime = uptimeBp === null ? null : (uptimeBp / 100).toFixed(2)
  return Response.json(
    { status: state ?? "unknown", since: at(sinceMs), checked: at(checkedMs), uptime_30_days: uptime },
    { headers },
  )
}

const COLOURS = { up: "#1a7f37", down: "#b42318", unknown: "#57606a" } as const

/** Nobody's text stands in it. */
function badge({ state, uptimeBp }: Health): string {
  const percent = uptimeBp === null ? "" : ` ${(uptimeBp / 100).toFixed(uptimeBp === 10_000 ? 0 : 2)} %`
  const word = state === null ? "unknown" : `${state}${percent}`
  const [left, right] = [52, 14 + word.length * 7]
  const text = (x: number, value: string) =>
    `<text x="${x}" y="14" fill="#fff" font-family="Verdana,Geneva,sans-serif" font-size="11" text-anchor="middle">${value}</text>`
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="status: ${word}"><title>status: ${word}</title>` +
    `<rect width="${left + right}" height="20" rx="3" fill="#3d444d"/><path d="M${left} 0h${right - 3}q3 0 3 3v14q0 3-3 3h-${right - 3}z" fill="${COLOURS[state ?? "unknown"]}"/>` +
    `${text(left / 2, "status")}${text(left + right / 2, word)}</svg>`
  )
}
