// Every route that charges × every reason to refuse a known caller: the status, the code, an upstream that was not asked, and the row that
// the person finds of it. Keys that do not count stand in `every-route.test.ts`.
import { expect, test } from "bun:test"
import { DAY_MS, nano, UserId } from "../../app/index.ts"
import type { LimitKind } from "../../limits/index.ts"
import { testCtx } from "../../store/index.ts"
import { app, kit, start, token, type V1Options } from "./testing.ts"

type Body = Record<string, unknown>
interface Route {
  path: string
  scope: "llm" | "embeddings"
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
]
const endpointOf = ({ path }: Route) => path.split("/")[2]!

interface Refusal {
  code: string
  status: number
  options?: V1Options
  /** @returns who calls, when it is not the person's app */
  given?(route: Route): Promise<string | undefined>
  model?: string
  body?(body: Body): Body
  headers?: Record<string, string>
  /** Routes of which it is not true. */
  not?(route: Route, stream: boolean): boolean
}

const allScopes = "openid llm embeddings"
const everybody = async (kind: LimitKind, amount: number): Promise<undefined> => {
  await kit.limits.set(testCtx, { level: "everybody", subject: "", kind, amount })
  return undefined
}
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
  { code: "invalid_request", status: 400, body: (body) => ({ ...body, no_such_field_of_ours: { a: 1 } }) },
  { code: "invalid_request", status: 400, headers: { "idempotency-key": "two words" } },
  { code: "insufficient_credits", status: 402, options: { balance: 0 } },
  { code: "rate_limit_exceeded", status: 429, given: () => everybody("requests_second", 0) },
  { code: "rate_limit_exceeded", status: 429, given: () => everybody("requests_minute", 0) },
  { code: "rate_limit_exceeded", status: 429, given: () => everybody("requests_hour", 0) },
  { code: "rate_limit_exceeded", status: 429, given: () => everybody("requests_day", 0) },
  { code: "rate_limit_exceeded", status: 429, given: () => everybody("tokens_minute", 0) },
  { code: "rate_limit_exceeded", status: 429, given: () => everybody("concurrent", 0) },
  { code: "invalid_request", status: 400, given: () => everybody("tokens_request", 0) },
  { code: "spend_limit_exceeded", status: 429, given: () => everybody("spend_day", 0) },
  { code: "spend_limit_exceeded", status: 429, given: () => everybody("spend_total", 0) },
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

for (const refusal of REFUSALS) {
  for (const stream of [false, true]) {
    for (const route of ROUTES) {
      if (stream && route.scope === "embeddings") continue
      const what = [refusal.code, refusal.given?.toString().match(/everybody\("(\w+)/)?.[1]].filter(Boolean).join(" ")
      test(`${what}: ${route.path}${stream ? ", streamed" : ""}`, async () => {
        await start(refusal.options)
        const bearer = (await refusal.given?.(route)) ?? (await app.token(1, { scope: allScopes }))
        const model = refusal.model ?? "mock-1"
        const asked = { ...route.body(model), ...(stream ? { stream } : {}) }
        const response = await fetch(`${kit.server.url}${route.path}`, {
          method: "POST",
          headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json", ...refusal.headers },
          body: JSON.stringify(refusal.body?.(asked) ?? asked),
        })
        const { error } = (await response.json()) as { error: Body & { details?: { error_code: string } } }
        const code = error.details?.error_code ?? error.code
        const overloaded = refusal.code === "provider_overloaded" && route.path === "/v1/messages"
        expect([response.status, code]).toEqual([overloaded ? 529 : refusal.status, refusal.code])
        expect(kit.upstream.journal).toEqual([])
        expect(kit.gateway.callsInFlight).toBe(0)
        await kit.usage.flush()
        const rows = kit.usage.recent(UserId(1), 5)
        expect(rows).toHaveLength(1)
        expect(rows[0]).toMatchObject({
          publicId: response.headers.get("x-request-id")!,
          endpoint: endpointOf(route),
          scope: route.scope,
          end: "refused",
          status: refusal.status,
          errorCode: refusal.code,
          chargeNano: 0,
          callerId: 1,
        })
        const held = kit.store.read.get<{ n: number }>("SELECT count(*) AS n FROM open_holds")!.n
        const charges = kit.store.read.get<{ n: number }>("SELECT count(*) AS n FROM charges")!.n
        expect([held, charges]).toEqual([0, 0])
      })
    }
  }
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
