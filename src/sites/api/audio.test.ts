// POST /v1/audio/speech, /transcriptions and /translations by OpenAI's SDK, by Vercel's, and by plain forms: files pass as they are, and are
// paid by characters, seconds or tokens.
import { expect, test } from "bun:test"
import { createOpenAI } from "@ai-sdk/openai"
import { experimental_generateSpeech as generateSpeech, experimental_transcribe as transcribe } from "ai"
import OpenAI, { toFile } from "openai"
import { testCtx } from "../../store/index.ts"
import { books, grantTestCredits, kit, last, rested, spent, sse, start, until, type V1Options } from "./testing.ts"

const MODELS = ["tts-1", "gpt-4o-mini-tts", "whisper-1", "gpt-4o-transcribe", "gpt-4o", "none-1"]
let apiKey = ""
let client: OpenAI
const open = async (options: V1Options = {}) => {
  await start(options)
  await kit.gateway.addUpstream(testCtx, {
    kind: "openai-compatible",
    name: "near",
    baseUrl: kit.upstream.url,
    priceProvider: "openai",
    models: MODELS,
  })
  apiKey = await (await kit.app()).token(1, { scope: "openid speech" })
  client = new OpenAI({ apiKey, baseURL: `${kit.server.url}/v1`, maxRetries: 0 })
}
const failed = (call: PromiseLike<unknown>) =>
  call.then(
    () => null,
    (error: unknown) => error,
  )
/** $ as a person pays them through an app: doubled by the shares. n$ */
const paid = (dollars: number) => Math.round(dollars * 2e9)
const sound = (bytes: number | Uint8Array) =>
  new Response(typeof bytes === "number" ? new Uint8Array(bytes).fill(7) : (bytes as Uint8Array<ArrayBuffer>), {
    headers: { "content-type": "audio/mpeg" },
  })
/** So many seconds of a WAV of 16,000 bytes a second. */
function wav(seconds: number, perSecond = 16_000): Uint8Array<ArrayBuffer> {
  const head = Buffer.alloc(44)
  head.write("RIFF", 0)
  head.write("WAVEfmt ", 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt32LE(perSecond, 28)
  return new Uint8Array(Buffer.concat([head, Buffer.alloc(seconds * 16_000 - 44)]))
}
const file = (seconds = 10) => toFile(wav(seconds), "a.wav", { type: "audio/wav" })
const raw = (path: string, form: FormData, headers: Record<string, string> = {}) =>
  fetch(`${kit.server.url}/v1/audio/${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, ...headers },
    body: form,
  })
async function form(fields: Record<string, string> = {}, seconds = 10): Promise<FormData> {
  const made = new FormData()
  // The file first: what model it is for comes after it.
  made.append("file", await file(seconds))
  for (const [name, value] of Object.entries({ model: "whisper-1", ...fields })) made.append(name, value)
  return made
}

test("speech by the character: bytes as they came, paid by what was asked, through both SDKs", async () => {
  await open()
  kit.upstream.answer = () => sound(5_000)
  const said = await client.audio.speech.create({ model: "tts-1", input: "Ahoy 🌍!", voice: "alloy" })
  expect(said.headers.get("content-type")).toBe("audio/mpeg")
  expect(new Uint8Array(await said.arrayBuffer())).toEqual(new Uint8Array(5_000).fill(7))
  expect(last()).toMatchObject({ endpoint: "speech", scope: "speech", chargeNano: paid(7 * 15e-6), source: "reported" })
  expect(kit.upstream.journal[0]).toEqual({ model: "tts-1", input: "Ahoy 🌍!", voice: "alloy" })

  const vercel = createOpenAI({ apiKey, baseURL: `${kit.server.url}/v1` })
  const { audio } = await generateSpeech({ model: vercel.speech("tts-1"), text: "Ahoy", voice: "alloy" })
  expect(audio.uint8Array.length).toBe(5_000)
  expect(last().chargeNano).toBe(paid(4 * 15e-6))
  expect(spent()).toBe(paid(11 * 15e-6))
  books()
})

test("speech by the token: as events with the report; as a file by what was heard, as an estimate", async () => {
  await open()
  const usage = { input_tokens: 14, output_tokens: 101, total_tokens: 115 }
  const audio = Buffer.alloc(8_000).toString("base64")
  kit.upstream.answer = () =>
    sse(
      `data: ${JSON.stringify({ type: "speech.audio.delta", audio })}\n\ndata: ${JSON.stringify({ type: "speech.audio.done", usage })}\n\n`,
    )
  const ask = { model: "gpt-4o-mini-tts", input: "Ahoy there, sailor", voice: "alloy" }
  const events = await client.audio.speech.create({ ...ask, stream_format: "sse" })
  const text = await events.text()
  expect(text.match(/"type":"[^"]+"/g)).toEqual(['"type":"speech.audio.delta"', '"type":"speech.audio.done"'])
  const exact = paid(14 * 0.6e-6 + 101 * 12e-6)
  expect([last().chargeNano, last().source, last().stream]).toEqual([exact, "reported", true])
  expect(text).toContain(`: charged ${exact}`)
  kit.upstream.answer = () => sound(16_000)
  await (await client.audio.speech.create(ask)).arrayBuffer()
  // 16,000 bytes of MP3 are a second: 20 tokens.
  expect([last().outputTokens, last().source]).toEqual([20, "estimated"])
  books()
})

test("speech that fails is free: refusals, words in place of sound, no byte; one that breaks off is owed by the character", async () => {
  await open()
  const ask = { model: "tts-1", input: "Ahoy", voice: "alloy" }
  const answers: [() => Response, number][] = [
    [() => Response.json({ error: { message: "no such voice" } }, { status: 400 }), 400],
    [() => Response.json({ error: { message: "down" } }, { status: 500 }), 502],
    [() => Response.json({ ok: true }), 502],
    [() => new Response("<html>", { headers: { "content-type": "text/html" } }), 502],
    [() => sound(0), 502],
  ]
  for (const [answer, status] of answers) {
    kit.upstream.answer = answer
    expect(await failed(client.audio.speech.create(ask))).toMatchObject({ status })
    await rested()
  }
  expect(spent()).toBe(0)
  // It breaks off once its first bytes are known here.
  const begun = Promise.withResolvers<void>()
  kit.upstream.answer = () =>
    new Response(
      new ReadableStream({
        async pull(controller) {
          controller.enqueue(new Uint8Array(1_000))
          await begun.promise
          controller.error(new Error("gone"))
        },
      }),
      { headers: { "content-type": "audio/mpeg" } },
    )
  const answer = await client.audio.speech.create(ask)
  begun.resolve()
  await failed(answer.arrayBuffer())
  await until(() => kit.gateway.callsInFlight === 0)
  expect(spent()).toBe(paid(4 * 15e-6))
  books()
})

test("whoever leaves speech in the middle pays its characters once, and its provider is told", async () => {
  await open()
  kit.upstream.answer = () =>
    new Response(
      new ReadableStream({
        async pull(controller) {
          controller.enqueue(new Uint8Array(1_000))
          await Bun.sleep(10)
        },
      }),
      { headers: { "content-type": "audio/mpeg" } },
    )
  const leaving = new AbortController()
  const answer = await client.audio.speech.create(
    { model: "tts-1", input: "Ahoy there", voice: "alloy" },
    { signal: leaving.signal },
  )
  await answer.body!.getReader().read()
  leaving.abort()
  await until(() => kit.gateway.callsInFlight === 0)
  expect([spent(), last().end]).toEqual([paid(10 * 15e-6), "client_gone"])
  await until(() => kit.upstream.aborted === 1)
  books()
})

test("transcriptions by the second: as reported, else as the file says; every format as it came; both SDKs", async () => {
  await open()
  const table: [Record<string, string>, () => Response, number, "reported" | "estimated"][] = [
    [{}, () => Response.json({ text: "ahoy", usage: { type: "duration", seconds: 9 } }), 9, "reported"],
    [{ response_format: "verbose_json" }, () => Response.json({ text: "ahoy", duration: 8.47 }), 9, "reported"],
    [{ response_format: "text" }, () => new Response("ahoy\n"), 10, "estimated"],
    [{ response_format: "vtt" }, () => new Response("WEBVTT\n\nahoy"), 10, "estimated"],
    [{}, () => Response.json({ text: "ahoy" }), 10, "estimated"],
    // A report outranks the file's head; one that no file of this size can be is cut.
    [{}, () => Response.json({ text: "ahoy", usage: { type: "duration", seconds: 200 } }), 200, "reported"],
    [{}, () => Response.json({ text: "ahoy", usage: { type: "duration", seconds: 80_000 } }), 321, "reported"],
    [{}, () => Response.json({ text: "ahoy", usage: { type: "duration", seconds: -5 } }), 10, "estimated"],
  ]
  let sum = 0
  for (const [fields, answer, seconds, source] of table) {
    kit.upstream.answer = answer
    const given = await raw("transcriptions", await form(fields))
    expect([given.status, await given.text()]).toEqual([200, await answer().text()])
    expect(given.headers.get("content-type")).toStartWith(
      ["text", "vtt"].includes(fields.response_format ?? "") ? "text/plain" : "application/json",
    )
    expect([fields, last().chargeNano, last().source]).toEqual([fields, paid(seconds * 1e-4), source])
    sum += paid(seconds * 1e-4)
  }
  expect(spent()).toBe(sum)
  expect(kit.upstream.journal[1]).toEqual({
    model: "whisper-1",
    response_format: "verbose_json",
    file: { name: "a.wav", type: "audio/x-wav", size: 160_000 },
  })
  kit.upstream.answer = () => Response.json({ text: "ahoy", language: "english", duration: 3, segments: [] })
  const ours = await client.audio.transcriptions.create({
    file: await file(),
    model: "whisper-1",
    response_format: "verbose_json",
    timestamp_granularities: ["word"],
  })
  expect(ours.text).toBe("ahoy")
  expect(kit.upstream.journal.at(-1)).toMatchObject({ "timestamp_granularities[]": ["word"] })
  const vercel = createOpenAI({ apiKey, baseURL: `${kit.server.url}/v1` })
  const theirs = await transcribe({ model: vercel.transcription("whisper-1"), audio: wav(10) })
  expect([theirs.text, last().chargeNano]).toEqual(["ahoy", paid(3e-4)])
  expect((await client.audio.translations.create({ file: await file(), model: "whisper-1" })).text).toBe("ahoy")
  expect(last()).toMatchObject({ endpoint: "translations", scope: "speech", chargeNano: paid(3e-4) })
  books()
})

test("transcriptions by the token, whole and streamed alike", async () => {
  await open()
  const usage = {
    type: "tokens",
    input_tokens: 110,
    input_token_details: { text_tokens: 10, audio_tokens: 100 },
    output_tokens: 20,
    total_tokens: 130,
  }
  const exact = paid(10 * 2.5e-6 + 100 * 6e-6 + 20 * 10e-6)
  kit.upstream.answer = () => Response.json({ text: "ahoy", usage })
  await client.audio.transcriptions.create({ file: await file(), model: "gpt-4o-transcribe" })
  expect([last().chargeNano, last().source]).toEqual([exact, "reported"])
  const delta = { type: "transcript.text.delta", delta: "ahoy" }
  kit.upstream.answer = () =>
    sse(
      `data: ${JSON.stringify(delta)}\n\ndata: ${JSON.stringify({ type: "transcript.text.done", text: "ahoy", usage })}\n\n`,
    )
  const stream = await client.audio.transcriptions.create({
    file: await file(),
    model: "gpt-4o-transcribe",
    stream: true,
  })
  const types: string[] = []
  for await (const event of stream) types.push(event.type)
  expect(types).toEqual(["transcript.text.delta", "transcript.text.done"])
  expect([last().chargeNano, last().stream]).toEqual([exact, true])
  // A document in place of a stream: its last event.
  kit.upstream.answer = () => Response.json({ text: "ahoy", usage })
  expect(
    await (await raw("transcriptions", await form({ model: "gpt-4o-transcribe", stream: "true" }))).text(),
  ).toContain('data: {"type":"transcript.text.done","text":"ahoy"}')
  expect(spent()).toBe(3 * exact)
  books()
})

test("what is wrong is refused by its name, and what fails is free", async () => {
  await open()
  const table: [Record<string, string>, string][] = [
    [{ response_format: "xml" }, "response_format"],
    [{ temperature: "2" }, "temperature"],
    [{ temperature: "warm" }, "temperature"],
    [{ seed: "7" }, "seed"],
    [{ stream: "yes" }, "stream"],
  ]
  for (const [fields, param] of table) {
    const refused = await raw("transcriptions", await form(fields))
    expect([fields, refused.status, (await refused.json()) as object]).toMatchObject([
      fields,
      400,
      { error: { param } },
    ])
  }
  const empty = new FormData()
  empty.append("model", "whisper-1")
  expect((await raw("transcriptions", empty)).status).toBe(400)
  empty.append("file", "text")
  expect((await raw("transcriptions", empty)).status).toBe(400)
  expect((await raw("transcriptions", await form({ model: "gpt-4o" }))).status).toBe(503)
  const json = await fetch(`${kit.server.url}/v1/audio/transcriptions`, {
    method: "POST",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: "{}",
  })
  expect(json.status).toBe(415)
  for (const body of [
    { input: "" },
    { input: 7 },
    { voice: "" },
    { speed: 9 },
    { response_format: "ogg" },
    { more: 1 },
  ]) {
    const call = client.audio.speech.create({ model: "tts-1", input: "x", voice: "alloy", ...body } as never)
    expect([body, await failed(call)]).toMatchObject([body, { status: 400, param: Object.keys(body)[0] }])
  }
  expect(kit.upstream.journal).toEqual([])
  for (const answer of [
    () => Response.json({ error: { message: "down" } }, { status: 500 }),
    () => Response.json({ error: { message: "no" } }),
    () => new Response("<html>"),
    () => new Response(""),
  ]) {
    kit.upstream.answer = answer
    expect((await raw("transcriptions", await form())).status).toBe(502)
    await rested()
  }
  expect(spent()).toBe(0)
  books()
})

test("a repeat by its key is the same call, though every form has another border", async () => {
  await open()
  kit.upstream.answer = () => Response.json({ text: "ahoy", usage: { type: "duration", seconds: 9 } })
  const key = { "idempotency-key": "k-1" }
  const first = await raw("transcriptions", await form(), key)
  const again = await raw("transcriptions", await form(), key)
  expect([first.status, again.status, again.headers.get("idempotent-replayed")]).toEqual([200, 200, "true"])
  expect(await again.json()).toEqual(await first.json())
  expect((await raw("transcriptions", await form({}, 11), key)).status).toBe(422)
  expect(kit.upstream.journal.length).toBe(1)
  expect(spent()).toBe(paid(9e-4))
})

test("the hold covers the whole recording: who cannot pay it is refused before anything is asked", async () => {
  await open({ balance: paid(100 * 1e-4) - 1 })
  expect((await raw("transcriptions", await form({}, 100))).status).toBe(402)
  expect(kit.upstream.journal).toEqual([])
  // A head that lies is believed for the hold; the report is what is paid.
  kit.upstream.answer = () => Response.json({ text: "ahoy", usage: { type: "duration", seconds: 90 } })
  const lying = new FormData()
  lying.append("file", new File([wav(90, 16_000_000)], "a.wav"))
  lying.append("model", "whisper-1")
  expect((await raw("transcriptions", lying)).status).toBe(200)
  expect(last().chargeNano).toBe(paid(90e-4))
  books()
})

test("the sandbox's, in test mode: real sound, a text about the file, and its magic words", async () => {
  await open()
  await grantTestCredits()
  apiKey = await (await kit.app({ mode: "test" })).token(1, { scope: "openid speech" })
  const sandbox = new OpenAI({ apiKey, baseURL: `${kit.server.url}/v1`, maxRetries: 0 }).audio
  const ask = { model: "sandbox", input: "Ahoy there", voice: "alloy" }
  const bytes = Buffer.from(await (await sandbox.speech.create(ask)).arrayBuffer())
  expect([bytes.toString("latin1", 0, 4), bytes.length]).toEqual(["RIFF", 44 + 2 * 4_800])
  expect(last()).toMatchObject({ mode: "test", chargeNano: paid(10 * 15e-6) })
  const text = await (await sandbox.speech.create({ ...ask, stream_format: "sse" })).text()
  expect(text).toContain("speech.audio.done")
  const heard = await sandbox.transcriptions.create({ file: await toFile(bytes, "a.wav"), model: "sandbox" })
  expect(heard.text).toBe(`You sent ${bytes.length} bytes of sound.`)
  expect(last().chargeNano).toBe(paid(1e-4))
  expect(await failed(sandbox.speech.create({ ...ask, input: "sandbox:fail 429" }))).toMatchObject({ status: 503 })
  expect(last().chargeNano).toBe(0)
})

test("GET /v1/models says what speaks and what listens", async () => {
  await open()
  const answer = await fetch(`${kit.server.url}/v1/models`, { headers: { authorization: `Bearer ${apiKey}` } })
  const { data } = (await answer.json()) as { data: { id: string }[] }
  const found = (id: string) => data.find((one) => one.id === id)
  expect(found("tts-1")).toMatchObject({
    output_modalities: ["audio"],
    capabilities: ["speech"],
    pricing: { each: { character: "0.03" } },
  })
  expect(found("whisper-1")).toMatchObject({ input_modalities: ["audio"], pricing: { each: { second: "0.2" } } })
  expect(found("capability:speech")).toBeDefined()
})
