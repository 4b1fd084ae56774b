// /v1/responses in front of a server that speaks it: bytes pass as they came, and the charge is what the answer reports.
import { expect, test } from "bun:test"
import { ANSWER, ASK, eventsOf, respond, sdk, sseOf, startNative } from "./responses-testing.ts"
import { addUpstream, books, COST, feed, kit, last, MockUpstream, spent, sse, token, until } from "./testing.ts"

const EVENTS = eventsOf()
const stream = () => sse(sseOf(EVENTS))
const withoutComments = (text: string) => text.replace(/^: .*\n\n/gm, "")

test("A whole answer passes byte for byte", async () => {
  await startNative()
  const text = JSON.stringify(ANSWER, null, 1).replace('"temperature": 1', '"temperature": 1.0')
  kit.upstream.answer = () => new Response(text, { headers: { "content-type": "application/json" } })
  const answer = await respond(token, { ...ASK, temperature: 1, store: false })
  expect(await answer.text()).toBe(text)
  expect(kit.upstream.journal[0]).toEqual({
    input: "hi",
    temperature: 1,
    model: "mock-1",
    max_output_tokens: 1_000,
    store: false,
  })
  expect(spent()).toBe(COST)
  books()
})

test("A stream passes byte for byte; its end waits for the charge", async () => {
  await startNative()
  kit.upstream.answer = stream
  const text = await (await respond(token, { ...ASK, stream: true })).text()
  expect(withoutComments(text)).toBe(sseOf(EVENTS))
  expect(text.split("\n\n").at(-3)).toBe(`: charged ${COST} remaining ${kit.balance()}`)
  expect(last()).toMatchObject({ endpoint: "responses", end: "done", status: 200 })
  expect(spent()).toBe(COST)
  books()
})

test("The SDK makes the same answer of the stream as of the whole", async () => {
  await startNative()
  kit.upstream.answer = stream
  const streamed = await sdk(token)
    .responses.stream({ ...ASK })
    .finalResponse()
  kit.upstream.answer = () => Response.json(ANSWER)
  const whole = await sdk(token).responses.create(ASK)
  expect(streamed.output_text).toBe("Hello wörld 🌍")
  expect(JSON.parse(JSON.stringify(streamed.output))).toMatchObject(
    JSON.parse(JSON.stringify(whole.output)) as object[],
  )
})

test("However the bytes are split, callers get the same", async () => {
  await startNative()
  const bytes = new TextEncoder().encode(sseOf(EVENTS))
  async function* split(size: number) {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
  }
  for (const size of [7, 61, 500, 4_096]) {
    kit.upstream.answer = () => feed(split(size))
    const text = await (await respond(token, { ...ASK, stream: true })).text()
    expect([size, withoutComments(text)]).toEqual([size, sseOf(EVENTS)])
  }
  expect(spent()).toBe(4 * COST)
})

test("An incomplete answer is charged as it reports, streamed or not", async () => {
  await startNative()
  const incomplete = { ...ANSWER, status: "incomplete", incomplete_details: { reason: "max_output_tokens" } }
  kit.upstream.answer = () => sse(sseOf(eventsOf({ type: "response.incomplete", response: incomplete })))
  const streamed = await sdk(token)
    .responses.stream({ ...ASK })
    .finalResponse()
  expect(streamed.incomplete_details).toEqual({ reason: "max_output_tokens" })
  expect(spent()).toBe(COST)
  kit.upstream.answer = () => Response.json(incomplete)
  expect((await sdk(token).responses.create(ASK)).status).toBe("incomplete")
  expect(spent()).toBe(2 * COST)
})

test("An answer that fails on the way is told so, and costs what it reports", async () => {
  await startNative()
  const error = { code: "server_error", message: "Our secret is sk-abcdefghijk." }
  const failed = { type: "response.failed", response: { ...ANSWER, status: "failed", error } }
  kit.upstream.answer = () => sse(sseOf(eventsOf(failed)))
  const text = await (await respond(token, { ...ASK, stream: true })).text()
  const data = [...text.matchAll(/^data: (.*)$/gm)].map(([, one]) => JSON.parse(one!) as Record<string, unknown>)
  expect(data.at(-2)).toMatchObject({ type: "error", code: "provider_error" })
  expect(data.at(-1)).toMatchObject({ type: "response.failed", response: { id: ANSWER.id, status: "failed" } })
  expect(data.map(({ sequence_number }) => sequence_number)).toEqual(data.map((_, index) => index))
  expect(text).not.toContain("sk-abc")
  expect(spent()).toBe(COST)
  expect(last()).toMatchObject({ end: "failed" })
  books()
})

test("A failure before the first word is answered by another provider, and charged once", async () => {
  await startNative()
  const second = new MockUpstream()
  try {
    await addUpstream("second", second.url)
    second.answer = stream
    const [created, progress] = EVENTS
    const error = { type: "error", code: "server_error", message: "Down.", sequence_number: 2 }
    kit.upstream.answer = () => sse(sseOf([created!, progress!, error]))
    const text = await (await respond(token, { ...ASK, stream: true })).text()
    expect(withoutComments(text)).toBe(sseOf(EVENTS))
    expect([kit.upstream.journal.length, second.journal.length]).toEqual([1, 1])
    expect(spent()).toBe(COST)
  } finally {
    second.stop()
  }
})

test("A refusal keeps its code and its param", async () => {
  await startNative()
  const error = { message: "Too long.", type: "invalid_request_error", param: "input", code: "context_length_exceeded" }
  kit.upstream.answer = () => Response.json({ error }, { status: 400 })
  const answer = await respond(token, ASK)
  expect(answer.status).toBe(400)
  expect(await answer.json()).toMatchObject({ error: { message: "Too long.", param: "input", code: error.code } })
  expect(spent()).toBe(0)
})

test("A client that leaves in the middle is charged for what was made", async () => {
  await startNative()
  let isOver = false
  kit.upstream.answer = () =>
    feed(
      (async function* () {
        yield sseOf(EVENTS.slice(0, 14))
        while (!isOver) await Bun.sleep(5)
      })(),
    )
  const leaving = new AbortController()
  const answer = await respond(token, { ...ASK, stream: true }, { signal: leaving.signal })
  await answer.body!.getReader().read()
  leaving.abort()
  await until(() => kit.gateway.callsInFlight === 0)
  isOver = true
  expect(last()).toMatchObject({ end: "client_gone" })
  expect(spent()).toBeGreaterThan(0)
  books()
})

test("A client that leaves at the last word owes what the report says a moment later", async () => {
  await startNative()
  const end = EVENTS.findIndex(({ type, output_index }) => type === "response.output_item.done" && output_index === 1)
  let isTold = false
  const left = Promise.withResolvers<void>()
  kit.upstream.answer = () =>
    feed(
      (async function* () {
        yield sseOf(EVENTS.slice(0, end + 1))
        await left.promise
        await Bun.sleep(300)
        isTold = true
        yield sseOf(EVENTS.slice(end + 1))
      })(),
    )
  const leaving = new AbortController()
  const answer = await respond(token, { ...ASK, stream: true }, { signal: leaving.signal })
  const reader = answer.body!.getReader()
  const decoder = new TextDecoder()
  for (
    let text = "";
    !text.includes(
      '"output_index":1,"item":{"id":"msg_68af40337e58819392e935fb404414d005438e46b5f69a3b","type":"message","status":"completed"',
    );
  ) {
    const { value, done } = await reader.read()
    if (done) throw new Error("it ended")
    text += decoder.decode(value, { stream: true })
  }
  leaving.abort()
  left.resolve()
  await until(() => kit.gateway.callsInFlight === 0)
  expect([isTold, spent()]).toEqual([true, COST])
  expect(last()).toMatchObject({ end: "client_gone", source: "reported" })
  books()
})

test("A stream that ends without its last event is told as broken", async () => {
  await startNative()
  kit.upstream.answer = () => sse(sseOf(EVENTS.slice(0, -1)))
  const text = await (await respond(token, { ...ASK, stream: true })).text()
  expect(text.trimEnd().split("\n\n").at(-1)).toStartWith("event: response.failed")
  expect(spent()).toBeGreaterThan(0)
  books()
})

test("A document in place of a stream is told as one", async () => {
  await startNative()
  kit.upstream.answer = () => Response.json(ANSWER)
  const streamed = await sdk(token)
    .responses.stream({ ...ASK })
    .finalResponse()
  expect(streamed.output_text).toBe("Hello wörld 🌍")
  expect(streamed.output.map(({ type }) => type)).toEqual(ANSWER.output.map(({ type }) => type) as never)
  expect(streamed.output[0]).toMatchObject({ type: "reasoning", encrypted_content: expect.stringContaining("gAAAA") })
  expect(spent()).toBe(COST)
})
