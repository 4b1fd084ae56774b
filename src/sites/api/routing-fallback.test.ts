// An account that fails is followed by another, as long as nothing was said: once charged, and what was tried is kept.
import { describe, expect, test } from "bun:test"
import { attempts, busy, STREAM, second } from "./routing.testing.ts"
import { ASK, books, COST, chunkOf, feed, kit, last, spent, sse, start, streamText, token, until } from "./testing.ts"

describe("fallback", () => {
  for (const stream of [false, true]) {
    const kind = stream ? "a stream" : "a whole answer"
    test(`${kind} is answered by the next account, charged once, and what was tried is kept`, async () => {
      await start()
      await second()
      for (const [at, failing] of [
        () => new Response("", { status: 529 }),
        () => busy(),
        () => new Response("", { status: 500 }),
        () => sse(`${chunkOf({ role: "assistant", content: "" })}data: {"error":{"message":"overloaded"}}\n\n`),
      ].entries()) {
        kit.clock.advance(60_000)
        kit.upstream.answer = failing
        const answer = await kit.post(token, { ...ASK, stream })
        const text = await answer.text()
        expect([at, answer.status, text.includes("overloaded")]).toEqual([at, 200, false])
        await until(() => kit.gateway.callsInFlight === 0)
        expect(spent()).toBe((at + 1) * COST)
        const tried = attempts().slice(-2)
        expect(tried.map(({ name }) => name)).toEqual(["mock", "second"])
        expect(tried[1]).toMatchObject({ outcome: "answered", status: null })
        const id = answer.headers.get("x-request-id")!
        const request = await fetch(`${kit.server.url}/v1/requests/${id}`, {
          headers: { authorization: `Bearer ${token}` },
        })
        expect(await request.json()).toMatchObject({ attempts: 2 })
      }
      // The last one reads as broken where no stream was asked for.
      const first = attempts().filter(({ name }) => name === "mock")
      expect(first.map(({ outcome }) => outcome)).toEqual(["busy", "rate", "failed", "broken"])
      expect(first.map(({ status }) => status)).toEqual([529, 429, 500, null])
      books()
    })
  }

  const never = () => new Promise<Response>(() => {})
  const silences: [name: string, answer: () => Response | Promise<Response>][] = [
    ["no head", never],
    ["a head and nothing more", () => sse(new ReadableStream({ pull: () => new Promise(() => {}) }))],
  ]
  for (const [name, silent] of silences) {
    test(`a stream of which nothing comes (${name}) is answered by the next account, under one hold and one charge`, async () => {
      await start({ timeouts: { headMs: 400, gapMs: 400, totalMs: 5_000 } })
      const { upstream } = await second()
      kit.upstream.answer = silent
      const answer = await kit.post(token, STREAM)
      expect([answer.status, (await answer.text()).includes("[DONE]")]).toEqual([200, true])
      expect([kit.upstream.journal.length, upstream.journal.length]).toEqual([1, 1])
      await until(() => kit.gateway.callsInFlight === 0)
      expect([spent(), last().end]).toEqual([COST, "done"])
      expect(attempts()).toMatchObject([
        { name: "mock", outcome: "timeout" },
        { name: "second", outcome: "answered" },
      ])
      await until(() => kit.upstream.aborted === 1)
      books()
    })
  }

  test("comments are signs of life: whoever thinks long is waited for, and nobody else is asked", async () => {
    await start({ timeouts: { headMs: 900, gapMs: 900, totalMs: 10_000 } })
    const { upstream } = await second()
    kit.upstream.answer = () =>
      feed(
        (async function* () {
          for (let n = 0; n < 20; n++) {
            yield ": OPENROUTER PROCESSING\n\n"
            await Bun.sleep(60)
          }
          yield streamText(true)
        })(),
      )
    const text = await (await kit.post(token, STREAM)).text()
    expect([text.includes("[DONE]"), kit.upstream.journal.length, upstream.journal.length]).toEqual([true, 1, 0])
    expect([spent(), last().end]).toEqual([COST, "done"])
  })

  test("silence everywhere is one timeout, within the time of the call, for nothing", async () => {
    await start({ timeouts: { headMs: 400, gapMs: 400, totalMs: 1_000 } })
    const others = [await second("two"), await second("three"), await second("four")]
    for (const upstream of [kit.upstream, ...others.map((other) => other.upstream)]) upstream.answer = never
    const answer = await kit.post(token, STREAM)
    expect([answer.status, ((await answer.json()) as { error: { code: string } }).error.code]).toEqual([
      504,
      "provider_timeout",
    ])
    expect(others.at(-1)!.upstream.journal).toHaveLength(0)
    await until(() => kit.gateway.callsInFlight === 0)
    expect([spent(), last().end]).toEqual([0, "timeout"])
    books()
  })

  test("a client that left while the first was silent is asked for nowhere else", async () => {
    await start({ timeouts: { headMs: 400, gapMs: 400, totalMs: 5_000 } })
    const { upstream } = await second()
    kit.upstream.answer = never
    const leaving = new AbortController()
    const lost = kit
      .post(token, STREAM, {
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        signal: leaving.signal,
      })
      .catch(() => null)
    await until(() => kit.upstream.journal.length === 1)
    leaving.abort()
    await lost
    await until(() => kit.gateway.callsInFlight === 0)
    expect([upstream.journal.length, last().end]).toEqual([0, "client_gone"])
  })

  test("a stream's head leaves once, whoever speaks first", async () => {
    await start()
    const { upstream } = await second()
    kit.upstream.answer = () =>
      sse(`${chunkOf({ role: "assistant", content: "" })}data: {"error":{"message":"no"}}\n\n`)
    const text = await (await kit.post(token, STREAM)).text()
    expect(text.match(/"role":"assistant"/g)).toHaveLength(1)
    expect(upstream.journal).toHaveLength(1)
  })

  test("after the first word nobody else is asked", async () => {
    await start()
    const { upstream } = await second()
    kit.upstream.answer = () => sse(`${chunkOf({ content: "one" })}data: {"error":{"message":"no"}}\n\n`)
    const text = await (await kit.post(token, STREAM)).text()
    expect(text).toContain('"finish_reason":"error"')
    expect([kit.upstream.journal.length, upstream.journal.length]).toEqual([1, 0])
    await until(() => kit.gateway.callsInFlight === 0)
    expect(attempts()).toMatchObject([{ name: "mock", outcome: "broken" }])
    books()
  })

  test("what the caller asked for wrongly is not asked elsewhere", async () => {
    await start()
    const { upstream } = await second()
    kit.upstream.answer = () => Response.json({ error: { message: "bad tool" } }, { status: 400 })
    expect((await kit.post(token, ASK)).status).toBe(400)
    expect(upstream.journal).toHaveLength(0)
  })

  test("so many are asked for one call, and not more", async () => {
    await start()
    const all = [kit.upstream]
    for (let at = 0; at < 5; at++) all.push((await second(`more-${at}`)).upstream)
    for (const upstream of all) upstream.answer = () => new Response("", { status: 500 })
    expect((await kit.post(token, ASK)).status).toBe(502)
    expect(all.map(({ journal }) => journal.length)).toEqual([1, 1, 1, 1, 0, 0])
    expect(spent()).toBe(0)
    books()
  })

  test("a call that the first account answered leaves no rows, and is one attempt", async () => {
    await start()
    const answer = await kit.post(token, ASK)
    expect(attempts()).toEqual([])
    const id = answer.headers.get("x-request-id")!
    const request = await fetch(`${kit.server.url}/v1/requests/${id}`, {
      headers: { authorization: `Bearer ${token}` },
    })
    expect(await request.json()).toMatchObject({ attempts: 1 })
  })
})
