// POST /api/v1/keys/report: whoever finds an API key, or the secret key of an app, in public says so, in the words of GitHub's secret scanning partner program or in
// plainer ones. What is alive of it ends and its owner is told; the answer is the same whatever was sent.
import { Type as t } from "@sinclair/typebox"
import { Value } from "@sinclair/typebox/value"
import { Elysia } from "elysia"
import { AppError, type Clock, limiter } from "../../app/index.ts"
import type { AppKeys } from "../../developers/index.ts"
import { contextOf, readJson } from "../../http/index.ts"
import { networkOf } from "../../identity/index.ts"
import { type FoundSecret, KEY_LIMITS, type Keys } from "../../keys/index.ts"
import { ALWAYS, OF_BODIES, refusalsOf } from "../base/index.ts"

export interface KeyReportDeps {
  keys: Pick<Keys, "report">
  appKeys: Pick<AppKeys, "report">
  clock: Clock
}

const PATH = "/api/v1/keys/report"
/** A report is a few addresses and keys, a hundred at most. */
const BODY = { bytesMax: 256 * 1024, deadlineMs: 15_000 }
/** Reports of one address: a scanner sends many at once, nobody needs more. */
const PER_ADDRESS: limiter.LimitRule = { kind: "window", name: "key-reports", window: "minute", limit: 30 }
/** Addresses that are counted at a time. */
const ADDRESSES_MAX = 10_000
const THANKS = "Thank you. What is alive of it is revoked, and its owner is told."

export function keyReportSite({ keys, appKeys, clock }: KeyReportDeps) {
  const states = new limiter.MemoryStates(ADDRESSES_MAX)
  return new Elysia().post(
    PATH,
    async ({ request }) => {
      const { ip, requestId } = contextOf(request)
      limit(states, ip, clock.now())
      const found = foundIn(await readJson(request, BODY))
      const ctx = { actor: "system:key-report", requestId, reason: "a key was found in public" }
      await Promise.all([keys.report(ctx, found), appKeys.report(ctx, found)])
      return Response.json({ message: THANKS }, { status: 202, headers: { "cache-control": "no-store" } })
    },
    { parse: "none", detail: { hide: true } },
  )
}

/** @throws AppError rate_limit_exceeded */
function limit(states: limiter.MemoryStates, ip: string, nowMs: number): void {
  const words = "Too many reports from your address. Try again in a minute."
  let decision: limiter.LimitDecision
  try {
    decision = limiter.decide(states, [{ key: networkOf(ip), rule: PER_ADDRESS }], nowMs)
  } catch (error) {
    if (error instanceof limiter.LimiterFull)
      throw new AppError("rate_limit_exceeded", words, { retryAfterSeconds: 60 })
    throw error
  }
  if (decision.admitted) return
  const retryAfterSeconds = Math.ceil(((decision.retryAtMs ?? nowMs) - nowMs) / 1_000)
  throw new AppError("rate_limit_exceeded", words, { retryAfterSeconds })
}

const Secret = t.String({ minLength: 1, description: "The key", examples: ["sk_live_found_in_public"] })
const Found = t.Union([
  Secret,
  t.Object(
    {
      token: Secret,
      type: t.Optional(t.Unknown({ description: "Your name for this kind of secret" })),
      url: t.Optional(t.Union([t.String(), t.Null()], { description: "Where it stands; its owner is told" })),
    },
    { additionalProperties: true, description: "As GitHub’s secret scanning sends it" },
  ),
])
const Many = t.Array(Found, { maxItems: KEY_LIMITS.reportTokensMax })
/** A list, one of its items, or a list by name. Checks and documents. */
const Report = t.Union([Many, t.Object({ tokens: Many }, { additionalProperties: true }), Found], {
  description: `Keys that were found in public, at most ${KEY_LIMITS.reportTokensMax}`,
})

/** @throws AppError invalid_request */
function foundIn(body: unknown): FoundSecret[] {
  const list: unknown[] = Array.isArray(body)
    ? body
    : isObject(body) && Array.isArray(body.tokens)
      ? body.tokens
      : [body]
  if (list.length > KEY_LIMITS.reportTokensMax)
    throw new AppError("invalid_request", `Report at most ${KEY_LIMITS.reportTokensMax} keys at a time.`)
  return list.map((one) => {
    if (!Value.Check(Found, one))
      throw new AppError("invalid_request", "Send a list of objects, each with the key as `token`.", { param: "token" })
    return typeof one === "string" ? { token: one, url: null } : { token: one.token, url: one.url ?? null }
  })
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null

const PROBLEM = { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } }

/** For the document. */
export const describeKeyReport = (): Record<string, Record<string, object>> => ({
  [PATH]: {
    post: {
      operationId: "reportKeys",
      summary: "Report keys that were found in public",
      description:
        "For whoever finds an API key, or the secret key of an app, where it should not be, and for secret scanners: what is alive of it is revoked and its owner is told. Nobody has to sign in, and the answer is the same whatever was sent.",
      tags: ["Keys"],
      security: [],
      requestBody: {
        required: true,
        content: {
          "application/json": {
            schema: Report,
            example: [{ token: "sk_live_found_in_public", type: "purser_api_key", url: "https://example.com/leak" }],
          },
        },
      },
      responses: {
        "202": {
          description: "Taken",
          content: { "application/json": { schema: t.Object({ message: t.String({ examples: [THANKS] }) }) } },
        },
        ...refusalsOf([...ALWAYS, ...OF_BODIES], PROBLEM),
      },
    },
  },
})
