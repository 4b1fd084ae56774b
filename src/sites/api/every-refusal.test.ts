// Every route that charges × every reason to refuse a known caller: the status, the code, an upstream that was not asked, and the row that
// the person finds of it. Keys that do not count stand in `every-route.test.ts`.
import { expect, test } from "bun:test"
import { DAY_MS, LIMITS, nano, UserId } from "../../app/index.ts"
import type { LimitKind } from "../../limits/index.ts"
import { testCtx } from "../../store/index.ts"
import { app, formOf, kit, start, token, type V1Options } from "./testing.ts"

type Body = Record<string, unknown>
interface Route {
  path: string
  scope: "llm" | "embeddings" | "image-generation" | "video-generation" | "speech"
  isForm?: true
  body(model: string): Body
}
const chat: Pick<Route, "scope" | "body"> = {
  scope: "llm",
  body: (model) => ({ model, messages: [{ role: "user", content: "hi" }], max_tokens: 100 }),
}
const ROUTES: Route[] = [
  { path: "/v1/chat/completions", ...chat },
  { path: "/v1/messages", ...chat },
  { path: "/v1/responses", scope: "llm", body: (model) => ({ model, input: "hi", max_output_tokens: 100 }) },
  { path: "/v1/embeddings", scope: "embeddings", body: (model) => ({ model, input: "hi" }) },
  { path: "/v1/moderations", scope: "llm", body: (model) => ({ model, input: "hi" }) },
  { path: "/v1/rerank", scope: "embeddings", body: (model) => ({ model, query: "hi", documents: ["ho"] }) },
  { path: "/v1/audio/speech", scope: "speech", body: (model) => ({ model, input: "hi", voice: "alloy" }) },
  { path: "/v1/audio/transcriptions", scope: "speech", isForm: true, body: (model) => ({ model, file: "sound" }) },
  { path: "/v1/audio/translations", scope: "speech", isForm: true, body: (model) => ({ model, file: "sound" }) },
  {
    path: "/v1/images/edits",
    scope: "image-generation",
    isForm: true,
    body: (model) => ({ model, prompt: "hi", image: "a picture" }),
  },
  { path: "/v1/videos", scope: "video-generation", body: (model) => ({ model, prompt: "hi" }) },
  { path: "/v1/images/generations", scope: "image-generation", body: (model) => ({ model, prompt: "hi" }) },
]
/** Never streamed. */
const WHOLE = new Set([
  "/v1/embeddings",
  "/v1/moderations",
  "/v1/rerank",
  "/v1/audio/speech",
  "/v1/audio/translations",
  "/v1/videos",
])
const endpointOf = ({ path }: Route) =>
  path === "/v1/images/edits" ? "image-edits" : path.replace("/audio/", "/").split("/")[2]!

interface Refusal {
  code: string
  status: number
  /** Where one code has several reasons. */
  name?: string
  options?: V1Options
  /** @returns who calls, when it is not the person's app */
  given?(route: Route): Promise<string | undefined>
  model?: string
  body?(body: Body): Body | string
  headers?: Record<string, string>
}

const allScopes = "openid llm embeddings image-generation video-generation speech"
/** A limit for everybody that lets nothing through. */
const limited = (code: string, status: number, kind: LimitKind): Refusal => ({
  code,
  status,
  name: `${code} ${kind}`,
  given: async () => {
    const isSet = kit.limits.rules().length > 0
    if (!isSet) await kit.limits.set(testCtx, { level: "everybody", subject: "", kind, amount: 0 })
    return undefined
  },
})
/** A byte above what is read. */
const HUGE = JSON.stringify("x".repeat(LIMITS.apiBodyBytesMax - 1))
const FREE = { planCode: "free", planName: "Free", freeModelsOnly: true, freePer1kNano: nano(1_000_000) }

const REFUSALS: Refusal[] = [
  {
    code: "insufficient_scope",
    status: 403,
    given: async ({ scope }) => app.token(1, { scope: scope === "llm" ? "openid embeddings" : "openid llm" }),
  },
  { code: "model_not_found", status: 404, model: "nobody-serves-this" },
  { code: "model_not_priced", status: 503, model: "unpriced-1" },
  {
    code: "plan_required",
    status: 403,
    given: async () => {
      kit.keyTerms = FREE
      return (await kit.key()).secret
    },
  },
  {
    code: "invalid_request",
    status: 400,
    name: "a field of another house",
    body: (body) => ({ ...body, no_such_field_of_ours: { a: 1 } }),
  },
  { code: "invalid_request", status: 400, name: "no JSON", body: () => "{" },
  { code: "invalid_request", status: 400, name: "a name that is none", headers: { "idempotency-key": "two words" } },
  { code: "unsupported_media_type", status: 415, headers: { "content-encoding": "gzip" } },
  { code: "body_too_large", status: 413, body: () => HUGE },
  { code: "insufficient_credits", status: 402, options: { balance: 0 } },
  limited("rate_limit_exceeded", 429, "requests_second"),
  limited("rate_limit_exceeded", 429, "requests_minute"),
  limited("rate_limit_exceeded", 429, "requests_hour"),
  limited("rate_limit_exceeded", 429, "requests_day"),
  limited("rate_limit_exceeded", 429, "tokens_minute"),
  limited("rate_limit_exceeded", 429, "concurrent"),
  limited("invalid_request", 400, "tokens_request"),
  limited("spend_limit_exceeded", 429, "spend_day"),
  limited("spend_limit_exceeded", 429, "spend_week"),
  limited("spend_limit_exceeded", 429, "spend_month"),
  limited("spend_limit_exceeded", 429, "spend_total"),
  {
    code: "provider_overloaded",
    status: 503,
    given: async () => {
      const mock = kit.gateway.upstreams().find(({ name }) => name === "mock")!
      await kit.gateway.setRouting(testCtx, mock.publicId, { ...mock.routing, isDraining: true })
      return undefined
    },
  },
]

async function meets(refusal: Refusal, route: Route, stream: boolean): Promise<void> {
  const bearer = (await refusal.given?.(route)) ?? (await app.token(1, { scope: allScopes }))
  const asked = { ...route.body(refusal.model ?? "mock-1"), ...(stream ? { stream } : {}) }
  const body = refusal.body?.(asked) ?? asked
  const response = await fetch(`${kit.server.url}${route.path}`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${bearer}`,
      ...(route.isForm ? {} : { "content-type": "application/json" }),
      ...refusal.headers,
    },
    body: typeof body === "string" ? body : route.isForm ? formOf(body) : JSON.stringify(body),
  })
  const { error } = (await response.json()) as { error: Body & { details?: { error_code: string } } }
  const code = error.details?.error_code ?? error.code
  const isOverloaded = refusal.code === "provider_overloaded" && route.path === "/v1/messages"
  const where = [route.path, stream]
  expect([where, response.status, code]).toEqual([where, isOverloaded ? 529 : refusal.status, refusal.code])
  await kit.usage.flush()
  expect(kit.usage.recent(UserId(1), 1)).toMatchObject([
    {
      publicId: response.headers.get("x-request-id")!,
      endpoint: endpointOf(route),
      scope: route.scope,
      end: "refused",
      status: refusal.status,
      errorCode: refusal.code,
      chargeNano: 0,
      callerId: 1,
    },
  ])
}

for (const refusal of REFUSALS) {
  test(refusal.name ?? refusal.code, async () => {
    await start(refusal.options)
    let calls = 0
    for (const route of ROUTES) {
      // What is no JSON is no form either: audio.test.ts has those.
      if (route.isForm && typeof refusal.body?.({}) === "string") continue
      for (const stream of WHOLE.has(route.path) ? [false] : [false, true]) {
        await meets(refusal, route, stream)
        calls++
        kit.clock.advance(1)
      }
    }
    expect(kit.usage.recent(UserId(1), 50)).toHaveLength(calls)
    expect(kit.upstream.journal).toEqual([])
    expect(kit.gateway.callsInFlight).toBe(0)
    const held = kit.store.read.get<{ n: number }>("SELECT count(*) AS n FROM open_holds")!.n
    const charges = kit.store.read.get<{ n: number }>("SELECT count(*) AS n FROM charges")!.n
    expect([held, charges]).toEqual([0, 0])
  })
}

test("an app's daily limit, and credits that are held elsewhere: each is a row of its own", async () => {
  await start({ balance: 2_000_000 })
  const limited = await app.token(1, { scope: allScopes, dailyCredits: 0.1 })
  expect((await kit.post(limited, { ...chat.body("mock-1"), max_tokens: 1_000 })).status).toBe(429)
  const gate = Promise.withResolvers<void>()
  kit.upstream.answer = async () => {
    await gate.promise
    return new Response("", { status: 500 })
  }
  const own = (await kit.key()).secret
  const ask = { ...chat.body("mock-1"), max_tokens: 600 }
  const first = kit.post(own, ask)
  while (kit.upstream.journal.length === 0) await Bun.sleep(2)
  const second = await kit.post(own, ask)
  expect(second.status).toBe(402)
  gate.resolve()
  await first
  await kit.usage.flush()
  const refused = kit.usage.recent(UserId(1), 5).filter(({ end }) => end === "refused")
  expect(refused.map(({ errorCode, status }) => [errorCode, status])).toEqual([
    ["credits_on_hold", 402],
    ["app_daily_limit_exceeded", 429],
  ])
})

test("a day later the rows are still there, and count nothing", async () => {
  await start({ balance: 0 })
  await kit.post(token, chat.body("mock-1"))
  await kit.usage.flush()
  kit.clock.advance(DAY_MS)
  expect(kit.usage.recent(UserId(1), 1)[0]).toMatchObject({ errorCode: "insufficient_credits", chargeNano: 0 })
})
