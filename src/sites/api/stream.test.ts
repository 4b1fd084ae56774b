import { describe, expect, test } from "bun:test"
import { connect } from "node:net"
import { LONG_MS } from "../../../test/eventually.ts"
import { PrincipalId, UserId } from "../../app/index.ts"
import {
  ASK,
  addUpstream,
  books,
  COST,
  chatAnswer,
  chunkOf,
  feed,
  IN_NANO,
  kit,
  last,
  MockUpstream,
  OUT_NANO,
  spent,
  sse,
  start,
  streamText,
  token,
  until,
} from "./testing.ts"

const STREAM = { ...ASK, stream: true }
const HI = chunkOf({ role: "assistant", content: "" })
/** Drops what depends on the call, not on the upstream: comments. */
const events = (text: string) => text.replace(/^: .*\n\n/gm, "")

describe("a client that leaves", () => {
  for (const k of [1, 5, 30]) {
    test(`after ${k} pieces is charged for them and its input, the hold is gone, the upstream stopped`, async () => {
      await start({ timeouts: { usageMs: 2 * LONG_MS } })
      kit.upstream.answer = () =>
        feed(
          (async function* () {
            yield HI
            for (;;) {
              yield chunkOf({ content: " word" })
              await Bun.sleep(10)
            }
          })(),
        )
      const controller = new AbortController()
      const response = await kit.post(token, STREAM, { signal: controller.signal })
      const reader = response.body!.getReader()
      let text = ""
      while ((text.match(/ word/g) ?? []).length < k) text += new TextDecoder().decode((await reader.read()).value)
      const seen = (text.match(/ word/g) ?? []).length
      controller.abort()
      // Sooner than a report of usage would be given up.
      await until(() => kit.gateway.callsInFlight === 0)
      await until(() => kit.upstream.aborted === 1)
      const stored = last()
      expect(stored).toMatchObject({ end: "client_gone", source: "estimated", status: 499 })
      expect(stored.inputTokens).toBeGreaterThan(0)
      expect(stored.outputTokens).toBeGreaterThanOrEqual(seen)
      expect(stored.outputTokens).toBeLessThanOrEqual(Math.ceil(seen * 1.1) + 1)
      expect(spent()).toBe(stored.inputTokens * IN_NANO + stored.outputTokens * OUT_NANO)
      expect(kit.ledger.wallet({ kind: "principal", id: PrincipalId(1) }, "live").heldNano).toBe(0 as never)
      books()
    })
  }

  test("right after the last event is charged in full", async () => {
    await start()
    const response = await kit.post(token, STREAM)
    const reader = response.body!.getReader()
    let text = ""
    while (!text.includes("[DONE]")) text += new TextDecoder().decode((await reader.read()).value)
    await reader.cancel()
    await until(() => kit.gateway.callsInFlight === 0)
    expect(last()).toMatchObject({ end: "done", chargeNano: COST, source: "reported" })
    expect(spent()).toBe(COST)
  })

  test("before anything came is charged its input only, and the upstream is stopped", async () => {
    await start()
    kit.upstream.answer = () => new Promise(() => {})
    const controller = new AbortController()
    const call = kit.post(token, STREAM, { signal: controller.signal }).catch(() => null)
    await until(() => kit.upstream.journal.length === 1)
    controller.abort()
    await call
    await until(() => kit.gateway.callsInFlight === 0)
    await until(() => kit.upstream.aborted === 1)
    expect(last()).toMatchObject({ end: "client_gone", outputTokens: 0 })
    expect(spent()).toBe(last().inputTokens * IN_NANO)
    books()
  })

  test("without a stream does not save the money: the answer was made", async () => {
    await start()
    kit.upstream.answer = async (body) => {
      await Bun.sleep(100)
      return chatAnswer(body)
    }
    const controller = new AbortController()
    const call = kit.post(token, { ...STREAM, stream: false }, { signal: controller.signal }).catch(() => null)
    await until(() => kit.upstream.journal.length === 1)
    controller.abort()
    await call
    await until(() => kit.gateway.callsInFlight === 0)
    expect(spent()).toBe(COST)
  })
})

describe("an upstream that fails", () => {
  const error = `data: {"error":{"message":"exploded with sk-upstream-secret-key","code":500}}\n\n`
  const firsts: [string, () => Response | Promise<Response>][] = [
    ["an error event", () => sse(error)],
    ["an empty stream", () => sse("")],
    ["only [DONE]", () => sse("data: [DONE]\n\n")],
    ["nonsense", () => sse("data: {oops\n\n")],
    ["status 500", () => new Response("boom", { status: 500 })],
    ["status 401", () => Response.json({ error: { message: "bad key sk-upstream-secret-key" } }, { status: 401 })],
    ["a redirect", () => Response.redirect("http://evil.example/", 302)],
  ]
  for (const [name, answer] of firsts) {
    for (const stream of [true, false]) {
      test(`with ${name} first costs nothing (${stream ? "stream" : "whole"})`, async () => {
        await start()
        kit.upstream.answer = answer
        const response = await kit.post(token, { ...STREAM, stream })
        expect(response.status).toBe(502)
        const text = await response.text()
        expect(text).toContain("provider_error")
        expect(text).not.toContain("secret")
        expect(spent()).toBe(0)
        expect(last()).toMatchObject({ chargeNano: 0, source: "none", status: 502, errorCode: "provider_error" })
        expect(kit.gateway.callsInFlight).toBe(0)
        books()
      })
    }
  }

  test("busy answers 503 with its Retry-After; a refusal of the request is the caller's, in its words", async () => {
    await start()
    kit.upstream.answer = () => Response.json({ error: { message: "temperature is wrong" } }, { status: 400 })
    const refused = await kit.post(token, STREAM)
    expect(refused.status).toBe(400)
    expect(await refused.json()).toMatchObject({
      error: { code: "provider_rejected", message: "temperature is wrong" },
    })
    kit.upstream.answer = () => new Response("slow down", { status: 429, headers: { "retry-after": "7200" } })
    const busy = await kit.post(token, STREAM)
    expect([busy.status, busy.headers.get("retry-after")]).toEqual([503, "7200"])
    expect(spent()).toBe(0)
    books()
  })

  test("the closing comment can be switched off, and nothing else changes", async () => {
    await start()
    const text = async (headers: Record<string, string>) =>
      (await kit.post(token, STREAM, { headers: { authorization: `Bearer ${token}`, ...headers } })).text()
    const told = await text({})
    expect(told).toMatch(/^: charged \d+ remaining \d+$/m)
    expect(await text({ "x-credits-comment": "off" })).toBe(told.replace(/^: charged .*\n\n/m, ""))
    expect(last().chargeNano).toBe(COST)
  })

  test("after a role and nothing else costs nothing; after some pieces, these, told in the stream", async () => {
    await start()
    kit.upstream.answer = () => sse(`${HI}${error}`)
    const empty = await (await kit.post(token, STREAM)).text()
    expect(empty).toContain('"code":"provider_error"')
    expect(empty).not.toContain("secret")
    expect(spent()).toBe(0)
    kit.upstream.answer = () => sse(`${HI}${chunkOf({ content: "one" })}${chunkOf({ content: " two" })}${error}`)
    const partial = await (await kit.post(token, STREAM)).text()
    expect(partial).toContain('"finish_reason":"error"')
    expect(partial).not.toContain("[DONE]")
    expect(last()).toMatchObject({ end: "failed", outputTokens: 2, source: "estimated" })
    expect(spent()).toBe(last().inputTokens * IN_NANO + 2 * OUT_NANO)
    books()
  })

  test("by closing in the middle is an error; a finished answer without [DONE] is not", async () => {
    await start()
    kit.upstream.answer = () => sse(`${HI}${chunkOf({ content: "one" })}`)
    expect(await (await kit.post(token, STREAM)).text()).toContain('"finish_reason":"error"')
    kit.upstream.answer = () => sse(streamText(true).replace("data: [DONE]\n\n", ""))
    expect(await (await kit.post(token, STREAM)).text()).toEndWith("data: [DONE]\n\n")
    expect(last()).toMatchObject({ end: "done", chargeNano: COST })
  })

  test("is followed by another candidate until the first event, under one hold and one charge", async () => {
    await start()
    const second = new MockUpstream()
    await addUpstream("second", second.url)
    for (const answer of [() => sse(error), () => new Response("", { status: 529 })]) {
      kit.upstream.answer = answer
      for (const stream of [true, false]) {
        const before = spent()
        expect((await kit.post(token, { ...STREAM, stream })).status).toBe(200)
        await until(() => kit.gateway.callsInFlight === 0)
        expect(spent() - before).toBe(COST)
      }
    }
    // The failures so far must not have taken the first one out.
    kit.clock.advance(120_000)
    const calls = second.journal.length
    kit.upstream.answer = () => sse(`${HI}${chunkOf({ content: "one" })}${error}`)
    await (await kit.post(token, STREAM)).text()
    kit.upstream.answer = () => Response.json({ error: { message: "no" } }, { status: 400 })
    await (await kit.post(token, STREAM)).text()
    expect(second.journal).toHaveLength(calls)
    kit.upstream.stop()
    expect((await kit.post(token, { ...STREAM, stream: false })).status).toBe(200)
    second.stop()
    expect((await kit.post(token, { ...STREAM, stream: false })).status).toBe(502)
    books()
  })
})

describe("bytes and time", () => {
  test("the output is the same however the upstream's bytes are split", async () => {
    await start()
    const bytes = new TextEncoder().encode(streamText(true).replaceAll("\n\n", "\r\n\r\n"))
    kit.upstream.answer = () => sse(bytes)
    const golden = events(await (await kit.post(token, STREAM)).text())
    expect(golden).toContain("🌍")
    const splits = Array.from({ length: 40 }, (_, at) => [Math.floor((at * bytes.length) / 40)])
    // Inside the emoji, between the two bytes of ö, between CR and LF.
    const emoji = bytes.indexOf(0xf0)
    splits.push([emoji + 1], [emoji + 2], [emoji + 3], [bytes.indexOf(0xc3) + 1], [bytes.indexOf(0x0d) + 1])
    splits.push(Array.from({ length: bytes.length }, (_, at) => at))
    for (const split of splits) {
      const cuts = [0, ...split, bytes.length]
      kit.upstream.answer = () =>
        feed(
          (async function* () {
            for (let at = 1; at < cuts.length; at++) {
              yield bytes.slice(cuts[at - 1], cuts[at])
              if (cuts.length < 10) await Bun.sleep(1)
            }
          })(),
        )
      expect(events(await (await kit.post(token, STREAM)).text())).toBe(golden)
      expect(last().chargeNano).toBe(COST)
    }
  })

  test("a silent upstream: the head and comments come, then the answer", async () => {
    await start({ timeouts: { firstEventMs: 50, keepAliveMs: 40 } })
    const gate = Promise.withResolvers<void>()
    kit.upstream.answer = async (body) => {
      await gate.promise
      return chatAnswer(body)
    }
    // The upstream says nothing before both were seen here.
    const response = await kit.post(token, STREAM)
    expect(response.status).toBe(200)
    const reader = response.body!.pipeThrough(new TextDecoderStream() as never).getReader()
    let text = ""
    while (text.split(": keep-alive").length <= 3) text += (await reader.read()).value
    gate.resolve()
    for (let part = await reader.read(); !part.done; part = await reader.read()) text += part.value
    expect(text).toEndWith("data: [DONE]\n\n")
    expect(spent()).toBe(COST)
  })

  test("an upstream that fails after the head was sent is told in the stream, for nothing", async () => {
    await start({ timeouts: { firstEventMs: 30 } })
    const gate = Promise.withResolvers<void>()
    kit.upstream.answer = async () => {
      await gate.promise
      return new Response("", { status: 500 })
    }
    const response = await kit.post(token, STREAM)
    expect(response.status).toBe(200)
    gate.resolve()
    expect(await response.text()).toContain('"code":"provider_error"')
    expect(spent()).toBe(0)
    books()
  })

  test("silence beyond the gap ends in a timeout: nothing before the first piece, the pieces after it", async () => {
    await start({ timeouts: { headMs: 400, gapMs: 400, totalMs: 2_000 } })
    kit.upstream.answer = () => new Promise(() => {})
    for (const stream of [true, false]) {
      const response = await kit.post(token, { ...STREAM, stream })
      expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([
        504,
        "provider_timeout",
      ])
      expect(last()).toMatchObject({ end: "timeout", chargeNano: 0 })
    }
    kit.upstream.answer = () =>
      feed(
        (async function* () {
          yield `${HI}${chunkOf({ content: "one" })}`
          await new Promise(() => {})
        })(),
      )
    expect(await (await kit.post(token, STREAM)).text()).toContain('"code":"provider_timeout"')
    expect(last()).toMatchObject({ end: "timeout", outputTokens: 1 })
    expect(kit.gateway.callsInFlight).toBe(0)
    books()
  })

  test("marks what is owed while it streams", async () => {
    await start({ timeouts: { markMs: 30 } })
    let go = () => {}
    const gate = new Promise<void>((resolve) => {
      go = resolve
    })
    kit.upstream.answer = () =>
      feed(
        (async function* () {
          for (let at = 0; at < 20; at++) yield chunkOf({ content: " word" })
          await gate
          yield chunkOf({}, {}, "stop")
        })(),
      )
    const response = await kit.post(token, STREAM)
    const body = response.text()
    const mark = () =>
      kit.store.read.get<{ stage: string; known: number }>(
        "SELECT stage, known_cost_nano AS known FROM open_holds LIMIT 1",
      )
    await until(() => mark()?.stage === "streaming")
    expect(mark()!.known).toBeGreaterThanOrEqual(20 * OUT_NANO)
    go()
    await body
    books()
  })

  test("suspending a person cuts their open stream and settles it", async () => {
    await start()
    kit.upstream.answer = () =>
      feed(
        (async function* () {
          yield chunkOf({ content: "one" })
          await new Promise(() => {})
        })(),
      )
    const response = await kit.post(token, STREAM)
    kit.gateway.cutUser(UserId(2))
    await Bun.sleep(20)
    expect(kit.gateway.callsInFlight).toBe(1)
    kit.gateway.cutUser(UserId(1))
    expect(await response.text()).toContain("account_suspended")
    expect(last()).toMatchObject({ end: "cut", outputTokens: 1 })
  })

  test("a slow reader stops the upstream instead of growing memory", async () => {
    await start({ timeouts: { keepAliveMs: 20 } })
    const piece = chunkOf({ content: "x".repeat(64 * 1024) })
    let sent = 0
    kit.upstream.answer = () =>
      feed(
        (async function* () {
          for (; sent < 4_000; sent++) {
            yield piece
            if (sent % 50 === 0) await Bun.sleep(1)
          }
        })(),
      )
    const body = JSON.stringify(STREAM)
    const socket = connect(kit.server.port, "127.0.0.1")
    socket.on("error", () => {})
    socket.once("data", () => socket.pause())
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
    await until(() => sent > 2)
    const base = process.memoryUsage().rss
    await Bun.sleep(1_500)
    // 4,000 pieces are 256 MiB; socket buffers take a few, the rest must wait at the upstream.
    expect(sent).toBeLessThan(1_000)
    expect(process.memoryUsage().rss - base).toBeLessThan(100 * 1024 * 1024)
    // Reading again lets it go on from where it stood.
    const stood = sent
    socket.resume()
    await until(() => sent > stood + 100)
    socket.destroy()
    await until(() => kit.gateway.callsInFlight === 0)
    books()
  })

  test("a client that stops reading for good is settled when the call's time is over", async () => {
    await start({ timeouts: { totalMs: 600 } })
    const piece = chunkOf({ content: "x".repeat(64 * 1024) })
    kit.upstream.answer = () =>
      feed(
        (async function* () {
          for (let at = 0; at < 4_000; at++) {
            yield piece
            await Bun.sleep(1)
          }
        })(),
      )
    const body = JSON.stringify(STREAM)
    const socket = connect(kit.server.port, "127.0.0.1")
    socket.on("error", () => {})
    socket.once("data", () => socket.pause())
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
    await until(() => kit.upstream.journal.length === 1)
    await until(() => kit.gateway.callsInFlight === 0)
    expect(last()).toMatchObject({ end: "timeout", errorCode: "provider_timeout" })
    await until(() => kit.upstream.aborted === 1)
    socket.destroy()
    books()
  })
})
