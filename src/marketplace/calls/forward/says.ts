// What the gateway says itself: problems, how quotas and rates stand, stored examples, and CORS for any origin without credentials.
import { type AppError, limiter } from "../../../app/index.ts"
import { apiErrorResponse } from "../../../http/index.ts"
import type { Seen } from "../admit.ts"
import type { Asked } from "../asked.ts"
import type { Example } from "../offer.ts"
import { remainingOf } from "../quota/rules.ts"
import type { QuotaStanding } from "../types.ts"
import { VIA } from "./headers.ts"

export const preflight = (): Response =>
  new Response(null, {
    status: 204,
    headers: {
      "access-control-allow-origin": "*",
      "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS",
      // `*` does not cover Authorization (Fetch standard), so it is named.
      "access-control-allow-headers": "authorization, *",
      "access-control-max-age": "86400",
    },
  })

/** RFC 9457. */
export function refusal(error: AppError, requestId: string, standing: Record<string, string>): Response {
  const response = apiErrorResponse(error, "problem", requestId)
  for (const name in standing) response.headers.set(name, standing[name]!)
  const { headers } = response
  headers.set("access-control-expose-headers", "*")
  headers.set("x-request-id", requestId)
  headers.set("cache-control", "no-store")
  // The address may hold the key.
  headers.set("referrer-policy", "no-referrer")
  // A body that nobody reads leaves no line for a second request.
  if (error.code === "body_too_large" || error.code === "body_timeout") headers.set("connection", "close")
  return response
}

/** As far as it is known whose call it is. */
export function standingHeaders({ quotas, rates }: Seen, nowMs: number): Record<string, string> {
  const standings = [...(rates?.standings ?? []), ...quotas.map(standingOf)]
  if (standings.length === 0) return {}
  const told = limiter.limitHeaders(
    {
      admitted: rates?.admitted ?? true,
      standings,
      refusedBy: rates?.refusedBy ?? null,
      retryAtMs: rates?.retryAtMs ?? null,
    },
    nowMs,
  )
  addQuota(told, quotas, nowMs)
  return told
}

const standingOf = (one: QuotaStanding): limiter.LimitStanding => ({
  rule: { kind: "quota", name: `quota-${one.period}`, startMs: one.startMs, endMs: one.endMs, limit: one.limit },
  limit: one.limit,
  remaining: remainingOf(one),
  resetMs: one.endMs,
})

/** Of the quota that has the least left. */
function addQuota(told: Record<string, string>, quotas: readonly QuotaStanding[], nowMs: number): void {
  let least = quotas[0]
  if (!least) return
  for (const one of quotas) if (remainingOf(one) < remainingOf(least)) least = one
  told["x-quota-limit"] = String(least.limit)
  told["x-quota-used"] = String(least.used)
  told["x-quota-remaining"] = String(remainingOf(least))
  told["x-quota-period"] = least.period
  told["x-quota-reset"] = String(Math.max(0, Math.ceil((least.endMs - nowMs) / 1_000)))
}

/** What a key of test mode gets: the stored example of success, whatever was asked. */
export function sampleAnswer(
  example: Example | null,
  { requestId, method }: Asked,
  standing: Record<string, string>,
): Response {
  const headers = {
    ...standing,
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "*",
    "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-request-id": requestId,
    "x-example": example ? "stored" : "none",
    via: VIA,
  }
  if (!example || example.status < 200) return Response.json({ example: null }, { headers })
  const isEmpty = method === "HEAD" || [204, 205, 304].includes(example.status)
  return new Response(isEmpty ? null : example.body, {
    status: example.status,
    headers: { ...headers, "content-type": example.bodyType },
  })
}
