import { describe, expect, test } from "bun:test"
import OpenAI from "openai"
import { credits, nano, PrincipalId, UserId } from "../../app/index.ts"
import { ASK, app, books, COST, chatAnswer, IN_NANO, kit, last, OUT_NANO, start, TEXT, token } from "./testing.ts"

const codeOf = async (response: Response) => ((await response.json()) as { error: { code: string } }).error.code

describe("an answer", () => {
  test("is the upstream's, charged by its report, in books that balance", async () => {
    await start()
    const before = kit.balance()
    const response = await kit.post(token, ASK)
    expect(response.status).toBe(200)
    expect(response.headers.get("x-credits-charged")).toBe("0.28")
    expect(response.headers.get("x-credits-remaining")).toBe("999.72")
    expect(response.headers.get("access-control-allow-origin")).toBe("*")
    expect(response.headers.get("access-control-allow-credentials")).toBeNull()
    expect(
      ((await response.json()) as { choices: { message: { content: string } }[] }).choices[0]!.message.content,
    ).toBe(TEXT)
    expect(before - kit.balance()).toBe(COST)
    expect(kit.upstream.journal).toEqual([{ ...ASK, max_tokens: 1_000 }])
    const id = response.headers.get("x-request-id")!
    const stored = kit.usage.byRequestId(UserId(1), app.client.id, id)!
    expect(stored).toMatchObject({
      chargeNano: COST,
      upstreamNano: COST / 2,
      developerNano: COST / 4,
      collectedNano: COST,
    })
    books()
    expect(kit.gateway.callsInFlight).toBe(0)
  })

  test("streamed costs the same, and the usage chunk comes only when asked for", async () => {
    await start()
    const before = kit.balance()
    const response = await kit.post(token, { ...ASK, stream: true })
    expect(Number(response.headers.get("x-credits-held"))).toBeGreaterThan(0)
    const text = await response.text()
    expect(before - kit.balance()).toBe(COST)
    expect(text).toEndWith(`: charged ${COST} remaining ${kit.balance()}\n\ndata: [DONE]\n\n`)
    expect(text).not.toContain("prompt_tokens")
    expect(kit.upstream.journal[0]).toMatchObject({ stream: true, stream_options: { include_usage: true } })
    const asked = await kit.post(token, { ...ASK, stream: true, stream_options: { include_usage: true } })
    expect(await asked.text()).toContain('"choices":[],"usage":{"prompt_tokens":100')
    books()
  })

  test("the openai SDK reads both, and the sandbox too", async () => {
    await start()
    const client = new OpenAI({ apiKey: token, baseURL: `${kit.server.url}/v1`, maxRetries: 0 })
    for (const model of ["mock-1", "mock/mock-1", "sandbox"]) {
      const messages = [{ role: "user" as const, content: "Hello wörld 🌍 this is the answer" }]
      const whole = await client.chat.completions.create({ model, messages, max_tokens: 50 })
      let text = ""
      for await (const chunk of await client.chat.completions.create({
        model,
        messages,
        max_tokens: 50,
        stream: true,
      })) {
        text += chunk.choices[0]?.delta.content ?? ""
      }
      expect(text).toBe(whole.choices[0]!.message.content!)
      expect(text).toContain(TEXT)
    }
    const listed = (await client.models.list()).data.map((model) => model.id)
    expect(listed.filter((id) => !id.startsWith("capability:"))).toEqual([
      "mock-1",
      "mock/mock-1",
      "sandbox",
      "sandbox/sandbox",
    ])
    const refused = await client.chat.completions
      .create({ model: "nope", messages: [] })
      .catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(OpenAI.BadRequestError)
    books()
  })

  test("of a first-party app costs the same; nobody earns as developer", async () => {
    await start()
    const before = kit.balance()
    const own = await kit.app({ ownerId: null })
    const response = await kit.post(await own.token(), ASK)
    expect(response.status).toBe(200)
    expect(before - kit.balance()).toBe(COST)
    expect(last()).toMatchObject({ developerNano: 0, platformNano: COST / 2 })
    books()
  })

  test("the first call of the day claims by itself, once", async () => {
    await start({ balance: 0, claim: credits(100) })
    expect((await kit.post(token, ASK)).status).toBe(200)
    expect((await kit.post(token, ASK)).status).toBe(200)
    expect(kit.balance()).toBe(nano(credits(100) - 2 * COST))
    books()
  })

  test("without a usage report is charged by estimate, flagged", async () => {
    await start()
    kit.upstream.answer = async (body) => {
      const { usage: _, ...rest } = (await chatAnswer(body).json()) as Record<string, unknown>
      return Response.json(rest)
    }
    expect((await kit.post(token, ASK)).status).toBe(200)
    const stored = last()
    expect(stored.source).toBe("estimated")
    expect(stored.outputTokens).toBe(Math.ceil(Buffer.byteLength(TEXT) / 4))
    expect(stored.chargeNano).toBe(stored.inputTokens * IN_NANO + stored.outputTokens * OUT_NANO)
  })

  for (const usage of [
    { prompt_tokens: -5, completion_tokens: 1 },
    { prompt_tokens: 1e12, completion_tokens: 1 },
    { prompt_tokens: 1.5, completion_tokens: 0 },
    { prompt_tokens: 5, completion_tokens: 0 },
  ]) {
    test(`with the absurd report ${JSON.stringify(usage)} is charged by estimate`, async () => {
      await start()
      kit.upstream.answer = async (body) => Response.json({ ...((await chatAnswer(body).json()) as object), usage })
      expect((await kit.post(token, ASK)).status).toBe(200)
      const stored = last()
      expect(stored).toMatchObject({ source: "estimated", uncollectedNano: 0 })
      expect(stored.chargeNano).toBeGreaterThan(0)
      books()
    })
  }
})

describe("too little money", () => {
  test("funds for 10 and 200 in parallel over two apps, streamed and not: exactly 10 answers, never below zero", async () => {
    await start({ balance: 0 })
    // Each call costs exactly its hold: 16 output tokens, no more input than estimated.
    const ask = { ...ASK, max_tokens: 16 }
    const probe = (await (await kit.post(token, ask)).json()) as { error: { need: { nano: string } } }
    const need = Number(probe.error.need.nano)
    kit.upstream.answer = (body) => {
      const usage = { prompt_tokens: (need - OUT_NANO) / IN_NANO, completion_tokens: 1 }
      return body.stream === true
        ? new Response(
            `data: {"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}],"usage":${JSON.stringify(usage)}}\n\ndata: [DONE]\n\n`,
          )
        : Response.json({ choices: [{ message: { content: "x" } }], usage })
    }
    await kit.write((tx) =>
      kit.ledger.grantIn(tx, {
        owner: { kind: "principal", id: PrincipalId(1) },
        mode: "live",
        type: "topup",
        bucket: "purchase",
        amountNano: nano(need * 10),
        paid: true,
        key: "ten",
      }),
    )
    const other = await (await kit.app()).token()
    let lowest = Number.POSITIVE_INFINITY
    const stop = kit.store.committed(() => {
      lowest = Math.min(lowest, kit.balance())
    })
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, at) => kit.post(at % 2 ? token : other, { ...ask, stream: at % 4 < 2 })),
    )
    const bodies = await Promise.all(answers.map((answer) => answer.text()))
    stop()
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(10)
    expect(answers.filter(({ status }) => status === 402)).toHaveLength(190)
    for (const [at, answer] of answers.entries()) {
      if (answer.status !== 402) continue
      expect(answer.headers.get("x-should-retry")).toBe("false")
      expect(JSON.parse(bodies[at]!).error).toMatchObject({
        topup_url: "https://id.example.com/credits",
        need: { nano: String(need) },
      })
    }
    expect(kit.upstream.journal).toHaveLength(10)
    expect(lowest).toBeGreaterThanOrEqual(0)
    expect(kit.balance()).toBe(0 as never)
    books()
  })

  test("an app's daily limit is as exact, and says when it ends", async () => {
    await start()
    const ask = { ...ASK, max_tokens: 16 }
    const limited = await (await kit.app()).token(1, { dailyCredits: 1 })
    kit.upstream.answer = () =>
      Response.json({ choices: [{ message: { content: "x" } }], usage: { prompt_tokens: 0, completion_tokens: 25 } })
    const answers = await Promise.all(Array.from({ length: 100 }, () => kit.post(limited, ask)))
    const refused = answers.filter(({ status }) => status === 429)
    const used = kit.ledger.usedToday({ kind: "principal", id: PrincipalId(1) }, last().clientId!, "llm")
    expect(used.heldNano).toBe(0 as never)
    expect(used.usedNano).toBeLessThanOrEqual(credits(1))
    expect(used.usedNano).toBe(((100 - refused.length) * 25 * OUT_NANO) as never)
    expect(await codeOf(refused[0]!)).toBe("app_daily_limit_exceeded")
    expect(refused[0]!.headers.get("x-should-retry")).toBe("false")
    expect(Number(refused[0]!.headers.get("retry-after"))).toBeGreaterThan(0)
    expect((await kit.post(token, ask)).status).toBe(200)
    books()
  })

  test("every POST that could cost something is refused with 402 at zero, the upstream untouched", async () => {
    await start({ balance: 0 })
    for (const stream of [false, true]) {
      const response = await kit.post(token, { ...ASK, stream })
      expect(response.status).toBe(402)
      expect(await codeOf(response)).toBe("insufficient_credits")
    }
    expect(kit.upstream.journal).toEqual([])
    await kit.usage.flush()
    expect(kit.usage.recent(UserId(1), 9).map(({ status, end, chargeNano }) => [status, end, chargeNano])).toEqual([
      [402, "refused", 0],
      [402, "refused", 0],
    ])
  })
})

describe("refusals before any upstream", () => {
  test("unknown and unpriced models", async () => {
    await start()
    const unknown = await kit.post(token, { ...ASK, model: "gpt-99" })
    expect([unknown.status, await codeOf(unknown)]).toEqual([404, "model_not_found"])
    const unpriced = await kit.post(token, { ...ASK, model: "unpriced-1" })
    expect([unpriced.status, await codeOf(unpriced)]).toEqual([503, "model_not_priced"])
    expect(unpriced.headers.get("x-should-retry")).toBe("false")
    expect(kit.upstream.journal).toEqual([])
    await kit.usage.flush()
    // Both are shown as they were named; a name that nobody serves is not counted apart.
    expect(kit.usage.recent(UserId(1), 9).map(({ model }) => model)).toEqual(["unpriced-1", "gpt-99"])
    const counted = "SELECT model, error_code AS code, calls FROM refused_days ORDER BY model"
    expect(kit.store.read.all<unknown>(counted)).toEqual([
      { model: "", code: "model_not_found", calls: 1 },
      { model: "unpriced-1", code: "model_not_priced", calls: 1 },
    ])
  })

  test("wrong bodies name the parameter", async () => {
    await start()
    const cases: [unknown, number, string | null][] = [
      ["{not json", 400, null],
      ["", 400, null],
      ["[]", 400, null],
      [{ messages: ASK.messages }, 400, "model"],
      [{ ...ASK, model: 5 }, 400, "model"],
      [{ ...ASK, messages: [] }, 400, "messages"],
      [{ ...ASK, messages: [{ role: "king", content: "x" }] }, 400, "messages[0].role"],
      [{ ...ASK, messages: [{ role: "user", content: 7 }] }, 400, "messages[0].content"],
      [{ ...ASK, stream: "yes" }, 400, "stream"],
      [{ ...ASK, max_tokens: -1 }, 400, "max_tokens"],
      [{ ...ASK, max_tokens: "10" }, 400, "max_tokens"],
      [{ ...ASK, n: 1_000 }, 400, "n"],
      [{ ...ASK, temperature: 9 }, 400, "temperature"],
      [{ ...ASK, stream_options: [] }, 400, "stream_options"],
      [{ ...ASK, web_search_options: {} }, 400, "web_search_options"],
      [{ ...ASK, service_tier: "priority" }, 400, "service_tier"],
      [`{"model":"mock-1","messages":[{"role":"user","content":${"[".repeat(100_000)}`, 400, null],
    ]
    for (const [body, status, param] of cases) {
      const response = await kit.post(token, body)
      const { error } = (await response.json()) as { error: { param: string | null; type: string } }
      expect([response.status, error.param, error.type]).toEqual([status, param, "invalid_request_error"])
    }
    const large = await kit.post(token, { ...ASK, user: "x".repeat(11 * 1024 * 1024) }).catch(() => null)
    if (large) expect(large.status).toBe(413)
    expect(kit.upstream.journal).toEqual([])
  })

  test("a name given twice is priced and sent as one and the same", async () => {
    await start()
    await kit.post(
      token,
      '{"model":"mock-1","model":"sandbox","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}',
    )
    expect(kit.upstream.journal).toEqual([])
    expect(last().model).toBe("sandbox")
  })

  test("missing, foreign, expired and narrow tokens, with the way to a right one", async () => {
    await start()
    const missing = await fetch(`${kit.server.url}/v1/me`, { headers: { cookie: `purser_console=${token}` } })
    expect([missing.status, await codeOf(missing)]).toEqual([401, "token_missing"])
    expect(missing.headers.get("www-authenticate")).toBe(
      'Bearer resource_metadata="https://id.example.com/.well-known/oauth-protected-resource/v1", DPoP algs="ES256 EdDSA Ed25519 RS256 PS256"',
    )
    const forged = await kit.post(`${token.slice(0, -4)}AAAA`, ASK)
    expect([forged.status, await codeOf(forged)]).toEqual([401, "token_invalid"])
    expect(forged.headers.get("www-authenticate")).toContain('error="invalid_token"')
    const narrow = await kit.post(await app.token(2, { scope: "openid email" }), ASK)
    expect([narrow.status, await codeOf(narrow)]).toEqual([403, "insufficient_scope"])
    kit.clock.advance(2 * 3_600_000)
    const expired = await kit.post(token, ASK)
    expect([expired.status, await codeOf(expired)]).toEqual([401, "token_expired"])
    expect(kit.upstream.journal).toEqual([])
  })

  test("after the answer to a revocation, also when the token was used a moment before", async () => {
    await start()
    expect((await kit.post(token, ASK)).status).toBe(200)
    const consent = kit.oauth.consentsOf(1)[0]!
    await kit.write((tx) => kit.oauth.revokeConsentIn(tx, { userId: 1, consentPublicId: consent.publicId }))
    const revoked = await kit.post(token, ASK)
    expect([revoked.status, await codeOf(revoked)]).toEqual([401, "token_revoked"])
    const other = await (await kit.app()).token()
    kit.people.suspended.add(1)
    const suspended = await kit.post(other, ASK)
    expect([suspended.status, await codeOf(suspended)]).toEqual([403, "account_suspended"])
    expect(kit.upstream.journal).toHaveLength(1)
  })

  test("apps in test mode never reach a real upstream", async () => {
    await start({ claim: credits(100) })
    const sandboxed = await (await kit.app({ mode: "test" })).token()
    expect((await kit.post(sandboxed, ASK)).status).toBe(404)
    expect((await kit.post(sandboxed, { ...ASK, model: "sandbox", max_tokens: 9 })).status).toBe(200)
    expect(kit.upstream.journal).toEqual([])
    expect(kit.balance()).toBe(credits(1_000))
    books()
  })
})
