// Calls with a person's own key at a provider: what they cost, who is asked, and that neither key ever does the other's work.
import { afterEach, describe, expect, test } from "bun:test"
import { createOpenAICompatible } from "@ai-sdk/openai-compatible"
import { generateText } from "ai"
import OpenAI from "openai"
import { type Log, UserId } from "../../app/index.ts"
import { auditOf } from "../../audit/index.ts"
import type { ProviderKey, UpstreamFetch } from "../../gateway/index.ts"
import { testCtx } from "../../store/index.ts"
import {
  ASK,
  app,
  books,
  COST,
  chatAnswer,
  kit,
  last,
  spent,
  sse,
  start,
  TEXT,
  token,
  USAGE,
  type V1Options,
} from "./testing.ts"

const OWNER = { userId: UserId(1), userPublicId: "usr_1" }
const OPERATORS = "sk-operator-secret-key-0001"
const MINE = ["sk-canary-mine-one-aaaaaaaaaaaa1111", "sk-canary-mine-two-bbbbbbbbbbbb2222"] as const
const CALL = { ...ASK, model: "theirs/mock-1" }

/** Who asked api.openai.com, in order; and how it answers each. */
let asked: string[] = []
let answerTo: (key: string, body: Record<string, unknown>) => Response | Promise<Response>
const said: string[] = []

const provider: UpstreamFetch = async (url, init) => {
  if (!url.startsWith("https://api.openai.com/v1/")) return fetch(url, init as RequestInit)
  const key = init.headers.authorization?.replace("Bearer ", "") ?? ""
  asked.push(key)
  if (url.endsWith("/models")) return key === MINE[0] ? Response.json({ data: [{ id: "mock-1" }] }) : refusedKey(key)
  return answerTo(key, JSON.parse(String(init.body)) as Record<string, unknown>)
}

/** As OpenAI does it: the key is in the words. */
const refusedKey = (key: string, status = 401) =>
  Response.json({ error: { message: `Incorrect API key provided: ${key}.`, code: "invalid_api_key" } }, { status })
const limited = () =>
  Response.json({ error: { message: "Rate limit" } }, { status: 429, headers: { "retry-after": "7" } })

const noting = (level: string) => (event: string, fields?: object) => {
  said.push(
    `${level} ${event} ${JSON.stringify(fields, (_, value) => (value instanceof Error ? `${value.stack}${JSON.stringify((value as { detail?: unknown }).detail)}` : typeof value === "bigint" ? String(value) : value))}`,
  )
}
const log = {
  debug: noting("debug"),
  info: noting("info"),
  warn: noting("warn"),
  error: noting("error"),
} as unknown as Log

async function open(keys: readonly string[] = [MINE[0]], options: V1Options = {}): Promise<ProviderKey[]> {
  asked = []
  said.length = 0
  answerTo = (_, body) => chatAnswer(body)
  await start({ fetch: provider, log, ...options })
  kit.keyTerms.byok = true
  await kit.gateway.addUpstream(testCtx, {
    kind: "openai-compatible",
    name: "theirs",
    baseUrl: "https://api.openai.com/v1",
    apiKey: OPERATORS,
    priceProvider: "openai",
    models: ["mock-1", "unpriced-1"],
  })
  const made: ProviderKey[] = []
  for (const key of keys) made.push(await kit.gateway.providerKeys.add(testCtx, { ...OWNER, provider: "openai", key }))
  return made
}
const answer = async (bearer: string, body: object = CALL) => {
  const response = await kit.post(bearer, body)
  return { status: response.status, text: await response.text(), headers: response.headers }
}
const useCredits = (on = true) => kit.gateway.providerKeys.setUseCredits(testCtx, { ...OWNER, useCredits: on })
/** Half of the raw cost is the developer's. */
const SHARE = COST / 4

afterEach(() => books())

describe("what it costs", () => {
  for (const stream of [false, true]) {
    test(`through an app the developer's share of the list price alone${stream ? ", streamed" : ""}`, async () => {
      await open()
      expect((await answer(token, { ...CALL, stream })).status).toBe(200)
      expect(asked).toEqual([MINE[0]])
      expect(last()).toMatchObject({ chargeNano: SHARE, upstreamNano: 0, developerNano: SHARE, platformNano: 0 })
      expect(spent()).toBe(SHARE)
    })

    test(`its explanation says who paid the provider${stream ? ", streamed" : ""}`, async () => {
      await open()
      const told = async (id: string | null) =>
        (await (
          await fetch(`${kit.server.url}/v1/requests/${id}`, { headers: { authorization: `Bearer ${token}` } })
        ).json()) as {
          provider_paid_by: string
          charge: { nano: string }
        }
      const own = await answer(token, { ...CALL, stream })
      expect(await told(own.headers.get("x-request-id"))).toMatchObject({
        provider_paid_by: "you",
        charge: { nano: String(SHARE) },
      })
      kit.keyTerms.byok = false
      const others = await answer(token, { ...CALL, stream })
      expect(await told(others.headers.get("x-request-id"))).toMatchObject({ provider_paid_by: "platform" })
      const refused = await answer(token, { ...CALL, model: "nobody" })
      await kit.usage.flush()
      expect(await told(refused.headers.get("x-request-id"))).toMatchObject({ provider_paid_by: "nobody" })
    })

    test(`through the person's own api key nothing, and it is logged${stream ? ", streamed" : ""}`, async () => {
      await open([MINE[0]], { balance: 0 })
      const { secret } = await kit.key()
      const got = await answer(secret, { ...CALL, stream })
      expect(got.status).toBe(200)
      expect(asked).toEqual([MINE[0]])
      expect(last()).toMatchObject({ chargeNano: 0, upstreamNano: 0, inputTokens: USAGE.prompt_tokens, status: 200 })
    })
  }

  test("through an app of the house nothing: nobody made it who would earn", async () => {
    await open()
    const house = await kit.app({ ownerId: null })
    expect((await answer(await house.token())).status).toBe(200)
    expect(last()).toMatchObject({ chargeNano: 0, platformNano: 0 })
  })

  test("what the provider says it took counts for nothing", async () => {
    await open()
    answerTo = () =>
      Response.json({
        model: "mock-1",
        choices: [{ index: 0, message: { role: "assistant", content: "hi" }, finish_reason: "stop" }],
        usage: { ...USAGE, cost: 0.5 },
      })
    await answer(token)
    expect(last()).toMatchObject({ chargeNano: SHARE, upstreamNano: 0 })
  })

  test("a model without a price is refused, unless nobody has a share", async () => {
    await open()
    const unpriced = { ...CALL, model: "theirs/unpriced-1" }
    expect((await answer(token, unpriced)).text).toContain("model_not_priced")
    expect(asked).toEqual([])
    const { secret } = await kit.key()
    expect((await answer(secret, unpriced)).status).toBe(200)
    expect([asked, last().chargeNano]).toEqual([[MINE[0]], 0])
  })
})

describe("who is asked", () => {
  test("without the plan's right nobody's own key is; the next call after it is given back, it is", async () => {
    await open()
    kit.keyTerms.byok = false
    await answer(token)
    kit.keyTerms.byok = true
    await answer(token)
    expect(asked).toEqual([OPERATORS, MINE[0]])
  })

  test("another person's calls never ask it, a test app's never, and other servers of the operator's never", async () => {
    await open()
    await kit.write((tx) =>
      kit.ledger.grantIn(tx, {
        owner: { kind: "principal", id: 2 as never },
        mode: "live",
        type: "topup",
        bucket: "purchase",
        amountNano: 1_000_000_000 as never,
        paid: true,
        key: "two",
      }),
    )
    expect((await answer(await app.token(2))).status).toBe(200)
    expect(asked).toEqual([OPERATORS])
    expect((await answer(token, ASK)).status).toBe(200)
    // `mock-1` is offered by both servers: with the key it goes where the key works.
    expect(asked).toEqual([OPERATORS, MINE[0]])
    expect((await answer(token, { ...ASK, model: "mock/mock-1" })).status).toBe(200)
    expect(asked).toHaveLength(2)
  })

  test("one that is refused or limited gives way to the next, and then the call is refused, never billed", async () => {
    const [first] = await open(MINE)
    answerTo = (key, body) => (key === MINE[0] ? refusedKey(key) : chatAnswer(body))
    expect((await answer(token)).status).toBe(200)
    expect([asked, last().chargeNano]).toEqual([[MINE[0], MINE[1]], SHARE])
    for (const stream of [false, true]) {
      answerTo = (key) => (key === MINE[1] ? refusedKey(key) : limited())
      const refused = await answer(token, { ...CALL, stream })
      expect([refused.status, JSON.parse(refused.text).error.code]).toEqual([403, "own_key_refused"])
      expect(refused.text).toContain("…2222")
      answerTo = () => limited()
      const slow = await answer(token, { ...CALL, stream })
      expect([slow.status, JSON.parse(slow.text).error.code]).toEqual([429, "own_key_limited"])
      expect(slow.headers.get("retry-after")).toBe("7")
      expect(last().chargeNano).toBe(0)
    }
    expect(asked).not.toContain(OPERATORS)
    await kit.gateway.providerKeys.remove(testCtx, { ...OWNER, keyId: first!.publicId })
    asked = []
    answerTo = (_, body) => chatAnswer(body)
    await answer(token)
    expect(asked).toEqual([MINE[1]])
  })

  test("credits pay only where the person said so, and then at the operator's price", async () => {
    await open()
    answerTo = (key, body) => (key === OPERATORS ? chatAnswer(body) : refusedKey(key))
    expect((await answer(token)).status).toBe(403)
    await useCredits()
    for (const stream of [false, true]) {
      asked = []
      expect((await answer(token, { ...CALL, stream })).status).toBe(200)
      expect(asked).toEqual([MINE[0], OPERATORS])
      expect(last()).toMatchObject({ chargeNano: COST, upstreamNano: COST / 2, developerNano: COST / 4 })
    }
    await useCredits(false)
    expect((await answer(token)).status).toBe(403)
  })

  test("a call that fell to credits and lost its process is paid to the provider, as its hold then says", async () => {
    await open()
    await useCredits()
    const gate = Promise.withResolvers<void>()
    answerTo = async (key, body) => {
      if (key !== OPERATORS) return refusedKey(key)
      await gate.promise
      return chatAnswer(body)
    }
    const calling = answer(token)
    while (!asked.includes(OPERATORS)) await Bun.sleep(2)
    const hold = kit.store.read.get<Record<string, number>>("SELECT * FROM open_holds")!
    expect([hold.split_upstream, hold.split_developer, hold.split_platform]).toEqual([10_000, 5_000, 5_000])
    expect(hold.amount_nano).toBeGreaterThan(0)
    gate.resolve()
    expect((await calling).status).toBe(200)
  })

  test("a bad key says nothing of the operator's account: it stays in, its figures stay, nobody is told", async () => {
    await open([MINE[0]], { routing: { failuresToOpen: 2 } })
    const theirs = kit.gateway.upstreams().find(({ name }) => name === "theirs")!
    answerTo = (key) => refusedKey(key)
    for (let at = 0; at < 5; at++) await answer(token)
    answerTo = () => Response.json({}, { status: 500 })
    for (let at = 0; at < 5; at++) await answer(token)
    expect(kit.gateway.health(theirs.publicId)).toMatchObject({ state: "closed", out: null, calls: 0, failures: 0 })
    expect(kit.gateway.failedAttempts(theirs.publicId)).toEqual([])
    expect(auditOf(kit.store.read, theirs.publicId).map(({ action }) => action)).toEqual(["upstream.added"])
    expect(kit.gateway.alarms()).toEqual([])
  })

  test("an account of the operator's that rests does not stop it", async () => {
    await open([])
    answerTo = (key) => refusedKey(key)
    await answer(token)
    expect((await answer(token)).status).toBe(503)
    await kit.gateway.providerKeys.add(testCtx, { ...OWNER, provider: "openai", key: MINE[0] })
    answerTo = (_, body) => chatAnswer(body)
    asked = []
    expect((await answer(token)).status).toBe(200)
    expect(asked).toEqual([MINE[0]])
  })
})

test("forty calls at once, some failing, with and without streams: each key does its own work, and each is billed by it", async () => {
  await open(MINE)
  await useCredits()
  let at = 0
  const byCall = new Map<string, string[]>()
  answerTo = async (key, body) => {
    const name = String((body.messages as { content: string }[])[0]!.content)
    byCall.set(name, [...(byCall.get(name) ?? []), key])
    await Bun.sleep(at++ % 4)
    if (key !== OPERATORS && Number(name) % 3 === 0) return refusedKey(key, Number(name) % 2 === 0 ? 401 : 403)
    if (key !== OPERATORS && Number(name) % 3 === 1 && key === MINE[0]) return limited()
    return body.stream ? sse(await chatAnswer(body).text()) : chatAnswer(body)
  }
  const answers = await Promise.all(
    Array.from({ length: 40 }, async (_, n) => {
      const call = { ...CALL, stream: n % 2 === 0, messages: [{ role: "user", content: String(n) }] }
      const got = await answer(token, call)
      return { n, id: got.headers.get("x-request-id")!, status: got.status }
    }),
  )
  for (const { n, id, status } of answers) {
    expect(status).toBe(200)
    const answeredBy = byCall.get(String(n))!.at(-1)!
    const [charge] = kit.usage.requestOf(UserId(1), id)
    expect([n, answeredBy === OPERATORS, charge!.upstreamNano > 0, charge!.chargeNano]).toEqual([
      n,
      n % 3 === 0,
      n % 3 === 0,
      n % 3 === 0 ? COST : SHARE,
    ])
  }
})

test("clients that we did not write get its answers, and its refusals as errors of their own that they do not repeat", async () => {
  await open()
  const { secret } = await kit.key()
  const openai = new OpenAI({ apiKey: secret, baseURL: `${kit.server.url}/v1` })
  const stream = await openai.chat.completions.create({
    model: CALL.model,
    messages: [{ role: "user", content: "hi" }],
    stream: true,
  })
  let text = ""
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? ""
  const others = createOpenAICompatible({ name: "purser", apiKey: token, baseURL: `${kit.server.url}/v1` })
  const told = await generateText({ model: others(CALL.model), prompt: "hi" })
  expect([text, told.text]).toEqual([TEXT, TEXT])
  expect(asked).toEqual([MINE[0], MINE[0]])
  answerTo = (key) => refusedKey(key)
  asked = []
  const refusal = await openai.chat.completions
    .create({ model: CALL.model, messages: [] })
    .catch((error: unknown) => error)
  const wrong = await openai.chat.completions
    .create({ model: CALL.model, messages: [{ role: "user", content: "hi" }] })
    .catch((error: unknown) => error)
  expect(refusal).toBeInstanceOf(OpenAI.BadRequestError)
  expect(wrong).toBeInstanceOf(OpenAI.PermissionDeniedError)
  expect(wrong).toMatchObject({ code: "own_key_refused" })
  expect(asked).toEqual([MINE[0]])
})

describe("the key itself", () => {
  test("is found nowhere after it was added: not in the database, a log, an error, what its person sees, nor the audit log", async () => {
    const [key] = await open()
    answerTo = (secret) => refusedKey(secret)
    const told = [JSON.stringify(key)]
    for (const stream of [false, true]) {
      const got = await answer(token, { ...CALL, stream })
      told.push(got.text, JSON.stringify([...got.headers]))
    }
    answerTo = (secret) => refusedKey(secret, 400)
    told.push((await answer(token)).text)
    answerTo = () => new Response(`<html>${MINE[0]}</html>`, { status: 502 })
    told.push((await answer(token)).text)
    const { providerKeys } = kit.gateway
    told.push(JSON.stringify(await providerKeys.test(testCtx, { ...OWNER, keyId: key!.publicId })))
    told.push(
      JSON.stringify(providerKeys.of(UserId(1))),
      JSON.stringify(providerKeys.askedFor(UserId(1), last().publicId)),
    )
    await providerKeys.remove(testCtx, { ...OWNER, keyId: key!.publicId })
    const tables = kit.store.read.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'")
    for (const { name } of tables) {
      const rows = kit.store.read.all<Record<string, unknown>>(`SELECT * FROM "${name}"`)
      told.push(
        JSON.stringify(rows, (_, value) =>
          value instanceof Uint8Array ? Buffer.from(value).toString("latin1") : value,
        ),
      )
    }
    expect(asked.length).toBeGreaterThan(4)
    expect(said.length).toBeGreaterThan(0)
    for (const words of [...told, ...said]) expect(words).not.toContain("canary-mine")
  })

  test("is asked where its provider is, and adding says what is wrong", async () => {
    await open([])
    const { add } = kit.gateway.providerKeys
    const refused = async (input: { provider: string; key: string }) => {
      try {
        await add(testCtx, { ...OWNER, ...input })
        return "taken"
      } catch (error) {
        return (error as { code: string }).code
      }
    }
    expect(await refused({ provider: "http://evil.example", key: MINE[0] })).toBe("validation_failed")
    expect(await refused({ provider: "constructor", key: MINE[0] })).toBe("validation_failed")
    expect(await refused({ provider: "openai", key: "short" })).toBe("validation_failed")
    expect(await refused({ provider: "openai", key: `${MINE[0]}\nx-evil: 1` })).toBe("validation_failed")
    expect(await refused({ provider: "openai", key: MINE[0] })).toBe("taken")
    expect(await refused({ provider: "openai", key: MINE[0] })).toBe("conflict")
    kit.keyTerms.byok = false
    expect(await refused({ provider: "openai", key: MINE[1] })).toBe("plan_required")
  })

  test("is tested at its provider, is put first, and is nobody else's", async () => {
    const [one, two] = await open(MINE)
    const { providerKeys } = kit.gateway
    expect((await providerKeys.test(testCtx, { ...OWNER, keyId: one!.publicId })).test).toMatchObject({ ok: true })
    const bad = await providerKeys.test(testCtx, { ...OWNER, keyId: two!.publicId })
    expect(bad.test).toMatchObject({ ok: false, message: "The provider refused the key. Check it." })
    await providerKeys.putFirst(testCtx, { ...OWNER, keyId: two!.publicId })
    asked = []
    await answer(token)
    expect(asked).toEqual([MINE[1]])
    const other = { userId: UserId(2), userPublicId: "usr_2", keyId: one!.publicId }
    for (const verb of ["test", "putFirst", "remove"] as const)
      await expect(providerKeys[verb](testCtx, other)).rejects.toMatchObject({ code: "not_found" })
    for (let at = 0; at < 8; at++) await providerKeys.test(testCtx, { ...OWNER, keyId: one!.publicId })
    await expect(providerKeys.test(testCtx, { ...OWNER, keyId: one!.publicId })).rejects.toMatchObject({
      code: "rate_limit_exceeded",
    })
  })
})
