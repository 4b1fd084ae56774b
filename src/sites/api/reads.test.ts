import { describe, expect, test } from "bun:test"
import Anthropic from "@anthropic-ai/sdk"
import { AppError, credits, creditsDecimal } from "../../app/index.ts"
import { auditOf } from "../../audit/index.ts"
import { testCtx } from "../../store/index.ts"
import { ASK, app, kit, last, MockUpstream, start, token, USAGE } from "./testing.ts"

const get = (path: string, bearer: string | null = token, init: RequestInit = {}) =>
  fetch(`${kit.server.url}${path}`, { headers: bearer ? { authorization: `Bearer ${bearer}` } : {}, ...init })
const json = async (response: Response) => (await response.json()) as Record<string, unknown>

describe("/v1/me", () => {
  test("shows fields by scope, the balance and what is left of this app's limits", async () => {
    await start()
    const narrow = await (await kit.app()).token(1, { scope: "openid llm", dailyCredits: 5 })
    await kit.post(narrow, ASK)
    const me = await json(await get("/v1/me", narrow))
    expect(me).not.toHaveProperty("email")
    expect(me).not.toHaveProperty("name")
    expect(me).toMatchObject({
      id: "usr_1",
      balance: { nano: "999720000", credits: "999.72" },
      limits: { llm: { daily: { credits: "5" }, used: { credits: "0.28" }, remaining: { credits: "4.72" } } },
    })
    expect(await json(await get("/v1/me"))).toMatchObject({
      name: "P 1",
      email: "p1@example.com",
      email_verified: true,
    })
  })
})

describe("/v1/requests/:id", () => {
  test("shows a call to its own person through its own app only", async () => {
    await start()
    const id = (await kit.post(token, ASK)).headers.get("x-request-id")!
    expect(await json(await get(`/v1/requests/${id}`))).toMatchObject({
      id,
      model: "mock-1",
      status: 200,
      usage: { prompt_tokens: USAGE.prompt_tokens, completion_tokens: USAGE.completion_tokens, source: "reported" },
      charge: { nano: "280000" },
    })
    expect((await get(`/v1/requests/${id}`, await app.token(2))).status).toBe(404)
    expect((await get(`/v1/requests/${id}`, await (await kit.app()).token(1))).status).toBe(404)
    expect((await get("/v1/requests/req_nothing")).status).toBe(404)
  })
})

describe("the edge of /v1", () => {
  test("unknown paths and methods are refused in the envelope, never proxied", async () => {
    await start()
    for (const [method, path] of [
      ["POST", "/v1/completions"],
      ["POST", "/v1/nothing"],
      ["POST", "/v1/chat/completions/x"],
      ["GET", "/v1/files"],
      ["DELETE", "/v1/models/mock-1"],
      ["GET", "/v1/../v1/nothing"],
      ["POST", "/v1//chat/completions"],
    ] as const) {
      const response = await get(path, token, { method, headers: { authorization: `Bearer ${token}` } })
      expect(response.status).toBe(404)
      expect(response.headers.get("access-control-allow-origin")).toBe("*")
      expect(await json(response)).toMatchObject({ error: { code: "not_found", type: "invalid_request_error" } })
    }
    const wrong = await get("/v1/chat/completions")
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "POST"])
    // Codex goes on by HTTP at once where a socket is refused like this, and tries five times otherwise.
    const upgrade = {
      connection: "Upgrade",
      upgrade: "websocket",
      "sec-websocket-version": "13",
      "sec-websocket-key": "eA==",
    }
    const socket = await fetch(`${kit.server.url}/v1/responses`, { headers: upgrade })
    expect([socket.status, await socket.json()]).toMatchObject([426, { error: { code: "no_websocket" } }])
    expect(kit.upstream.journal).toEqual([])
  })

  test("browsers of any origin may ask, without credentials", async () => {
    await start()
    const preflight = await get("/v1/chat/completions", null, {
      method: "OPTIONS",
      headers: { origin: "https://app.example", "access-control-request-headers": "authorization,content-type" },
    })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get("access-control-allow-origin")).toBe("*")
    expect(preflight.headers.get("access-control-allow-headers")).toContain("authorization")
    expect(preflight.headers.get("access-control-allow-credentials")).toBeNull()
    const refused = await get("/v1/me", null)
    expect(refused.headers.get("access-control-expose-headers")).toContain("x-request-id")
    expect(refused.headers.get("x-request-id")).toStartWith("req_")
  })

  test("lists what can be called, with what the caller pays", async () => {
    await start()
    const list = (await json(await get("/v1/models"))) as { data: { id: string; pricing: object }[] }
    expect(list.data.map(({ id }) => id)).toEqual([
      "capability:balanced",
      "capability:cheap",
      "capability:fast",
      "mock-1",
      "mock/mock-1",
      "sandbox",
      "sandbox/sandbox",
    ])
    const pricing = { unit: "credits per million tokens", input: "2000", output: "4000" }
    expect(list.data[0]).toMatchObject({ resolves_to: "mock/mock-1", pricing, output_modalities: ["text"] })
    expect(list.data[3]).toMatchObject({ id: "mock-1", resolves_to: null, pricing, context_window: 128_000 })
    expect((await json(await get("/v1/models/mock%2Fmock-1"))).id).toBe("mock/mock-1")
    expect((await json(await get("/v1/models/mock/mock-1"))).id).toBe("mock/mock-1")
    expect((await get("/v1/models/unpriced-1")).status).toBe(404)
  })
})

describe("for Anthropic's SDK", () => {
  const claude = () => new Anthropic({ apiKey: token, baseURL: kit.server.url, maxRetries: 0 })

  test("the list is Anthropic's, page by page, in both directions", async () => {
    await start()
    const listed: string[] = []
    for await (const one of claude().models.list({ limit: 3 })) listed.push(one.id)
    const all = ((await json(await get("/v1/models"))) as { data: { id: string }[] }).data.map(({ id }) => id)
    expect(listed).toEqual(all)
    const page = await claude().models.list({ limit: 2, after_id: all[1]! })
    expect(page).toMatchObject({ has_more: true, first_id: all[2], last_id: all[3] })
    const before = await claude().models.list({ limit: 2, before_id: all[3]! })
    expect([before.data.map(({ id }) => id), before.has_more]).toEqual([all.slice(1, 3), true])
    expect((await claude().models.list({ lifecycle: ["retired"] })).data).toEqual([])
  })

  test("one model, and errors in its own words", async () => {
    await start()
    const info = await claude().models.retrieve("mock/mock-1")
    expect(info).toMatchObject({
      type: "model",
      id: "mock/mock-1",
      display_name: "mock/mock-1",
      created_at: "1970-01-01T00:00:00Z",
      lifecycle: "active",
      max_input_tokens: 128_000,
      max_tokens: 1_000,
      pricing: { input: "2000", output: "4000" },
    })
    const refusal = (call: PromiseLike<unknown>) =>
      call.then(
        () => null,
        (error: unknown) => error,
      )
    expect(await refusal(claude().models.retrieve("unpriced-1"))).toBeInstanceOf(Anthropic.NotFoundError)
    for (const wrong of [{ limit: 0 }, { after_id: "none" }, { before_id: "none" }]) {
      expect(await refusal(claude().models.list(wrong))).toBeInstanceOf(Anthropic.BadRequestError)
    }
  })
})

describe("upstreams", () => {
  test("keys are sealed, never shown, never logged; tests take the model list over", async () => {
    await start()
    const second = new MockUpstream()
    const added = await kit.gateway.addUpstream(testCtx, {
      kind: "openai-compatible",
      name: "second",
      baseUrl: `${second.url}/`,
      apiKey: "sk-very-secret-key-1",
    })
    expect(JSON.stringify(added)).not.toContain("secret")
    expect(added).toMatchObject({ hasKey: true, baseUrl: second.url, models: [], test: null })
    const row = kit.store.read.get<{ api_key_sealed: string }>(
      "SELECT api_key_sealed FROM upstreams WHERE name = 'second'",
    )
    expect(row!.api_key_sealed).toStartWith("v1.")
    const tested = await kit.gateway.testUpstream(testCtx, added.publicId)
    expect(tested).toMatchObject({
      models: ["mock-1", "unpriced-1"],
      test: { ok: true, message: expect.stringMatching(/^Works: 2 models in \d+ ms\.$/), models: 2 },
    })
    const audit = auditOf(kit.store.read, added.publicId)
    expect(audit.map(({ action }) => action)).toEqual(["upstream.tested", "upstream.added"])
    expect(JSON.stringify(audit)).not.toContain("secret")
    second.stop()
    const gone = await kit.gateway.testUpstream(testCtx, added.publicId)
    expect(gone.test).toMatchObject({ ok: false, message: "The provider cannot be reached. Check the address." })
    expect(gone.models).toEqual(["mock-1", "unpriced-1"])
  })

  test("a changed one keeps its key unless another is typed, and never takes it to another server", async () => {
    await start()
    const [here, there] = [new MockUpstream(), new MockUpstream()]
    const { publicId } = await kit.gateway.addUpstream(testCtx, {
      kind: "openai-compatible",
      name: "second",
      baseUrl: here.url,
      apiKey: "sk-first",
    })
    await kit.gateway.testUpstream(testCtx, publicId)
    const edit = (input: object) =>
      kit.gateway.editUpstream(testCtx, publicId, { baseUrl: here.url, priceProvider: "openai", ...input })
    const sealed = () =>
      kit.store.read.get<{ api_key_sealed: string }>("SELECT api_key_sealed FROM upstreams WHERE name = 'second'")!
        .api_key_sealed
    const first = sealed()

    // The test was of another account; models stay callable.
    expect(await edit({ apiKey: "", priceProvider: "openrouter" })).toMatchObject({
      hasKey: true,
      priceProvider: "openrouter",
      test: null,
      models: ["mock-1", "unpriced-1"],
    })
    expect(sealed()).toBe(first)
    await edit({ apiKey: "sk-second" })
    const second = sealed()
    expect(second).not.toBe(first)

    for (const [wrong, field] of [
      [{ baseUrl: there.url }, "apiKey"],
      [{ baseUrl: "nonsense" }, "baseUrl"],
      [{ apiKey: "with a space" }, "apiKey"],
      [{ priceProvider: "nobody" }, "priceProvider"],
    ] as const) {
      const error = await edit(wrong).catch((thrown: AppError) => thrown)
      expect(Object.keys((error as AppError).extra.formErrors ?? {})).toEqual([field])
    }
    expect(sealed()).toBe(second)
    expect((await edit({ baseUrl: there.url, apiKey: "sk-third" })).baseUrl).toBe(there.url)
    const audit = auditOf(kit.store.read, publicId)
    expect(audit.filter(({ action }) => action === "upstream.changed")).toHaveLength(3)
    expect(JSON.stringify(audit)).not.toContain("sk-")

    const { publicId: sandbox } = kit.gateway.upstreams().find(({ kind }) => kind === "sandbox")!
    const refused = kit.gateway.editUpstream(testCtx, sandbox, { baseUrl: there.url, priceProvider: "openai" })
    await expect(refused).rejects.toMatchObject({ code: "conflict" })
    here.stop()
    there.stop()
  })

  test("the public list names what answers, at the prices of /v1/models, and what is switched off no longer", async () => {
    await start()
    const lines = kit.gateway.priceList()
    const listed = (await json(await get("/v1/models"))) as {
      data: { id: string; pricing: { input: string; output: string } }[]
    }
    expect(lines.length).toBeGreaterThan(0)
    for (const { id, inputNano, outputNano } of lines) {
      const { pricing } = listed.data.find((one) => one.id === id)!
      expect([creditsDecimal(inputNano), creditsDecimal(outputNano)]).toEqual([pricing.input, pricing.output])
      expect(id).not.toContain("/")
    }
    // What never leaves this machine is shown only where there is nothing else.
    expect(lines.some(({ id }) => id === "sandbox")).toBe(false)
    const mock = kit.gateway.upstreams().find(({ name }) => name === "mock")!
    await kit.gateway.enableUpstream(testCtx, mock.publicId, false)
    expect(kit.gateway.priceList().map(({ id }) => id)).toEqual(["sandbox"])
  })

  test("what is paid by the piece is on the public list too, behind what is paid by tokens, at the prices of /v1/models", async () => {
    await start()
    const models = ["dall-e-3", "whisper-1"]
    const input = {
      kind: "openai-compatible",
      name: "media",
      baseUrl: "http://127.0.0.1:9/v1",
      priceProvider: "openai",
    } as const
    await kit.gateway.addUpstream(testCtx, { ...input, models })
    const lines = kit.gateway.priceList()
    expect(
      lines
        .slice(-2)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(models)
    const listed = (await json(await get("/v1/models"))) as {
      data: { id: string; pricing: { each?: Record<string, string> } }[]
    }
    for (const { id, each } of lines.slice(-2)) {
      const [told] = each
      const prices = Object.entries(listed.data.find((one) => one.id === id)!.pricing.each!)
        .filter(([asked]) => asked.startsWith(told!.unit))
        .map(([, price]) => Number(price))
      expect([Number(creditsDecimal(told!.leastNano)), Number(creditsDecimal(told!.mostNano))]).toEqual([
        Math.min(...prices),
        Math.max(...prices),
      ])
      expect(told!.leastNano).toBeGreaterThan(0)
    }
  })

  test("disabled ones serve nothing from the next request on", async () => {
    await start()
    const mock = kit.gateway.upstreams().find(({ name }) => name === "mock")!
    await kit.gateway.enableUpstream(testCtx, mock.publicId, false)
    expect((await kit.post(token, ASK)).status).toBe(404)
    await kit.gateway.enableUpstream(testCtx, mock.publicId, true)
    expect((await kit.post(token, ASK)).status).toBe(200)
  })

  test("bad settings name their field", async () => {
    await start()
    const wrong: [object, string][] = [
      [{ name: "" }, "name"],
      [{ name: "a/b" }, "name"],
      [{ name: "MOCK" }, "name"],
      [{ baseUrl: "ftp://x" }, "baseUrl"],
      [{ baseUrl: "https://user:pw@x.example/v1" }, "baseUrl"],
      [{ baseUrl: "https://x.example/v1?key=1" }, "baseUrl"],
      [{ apiKey: "two words" }, "apiKey"],
    ]
    for (const [change, field] of wrong) {
      const input = { kind: "openai-compatible" as const, name: "new", baseUrl: "https://x.example/v1", ...change }
      const error = await kit.gateway.addUpstream(testCtx, input).catch((thrown: unknown) => thrown)
      expect(error).toBeInstanceOf(AppError)
      expect(Object.keys((error as AppError).extra.formErrors ?? {})).toEqual([field])
    }
    expect(kit.gateway.upstreams()).toHaveLength(2)
  })
})

test("the ledger settles what a dead process left, and its charge says which call it was", async () => {
  await start()
  kit.upstream.answer = () => new Promise(() => {})
  void kit.post(token, ASK).catch(() => null)
  while (kit.upstream.journal.length === 0) await Bun.sleep(5)
  const { createLedger } = await import("../../ledger/index.ts")
  const { createIds } = await import("../../app/index.ts")
  const next = createLedger({ store: kit.store, clock: kit.clock, ids: createIds(kit.clock), bootId: "boot_2" })
  const report = await next.recoverHolds()
  expect(report.resolved).toBe(1)
  const call = last()
  expect(call).toMatchObject({ end: "recovered", source: "estimated", endpoint: "chat", model: "mock-1", status: 500 })
  expect(credits(1_000) - kit.balance()).toBe(call.chargeNano)
  expect(call.chargeNano).toBeGreaterThan(0)
  expect(kit.ledger.verify().ok).toBe(true)
})
