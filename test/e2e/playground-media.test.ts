// Pictures, speech, recordings and videos on the playground: a person's own calls from pages, charged as any call is; files come for their
// person alone.
import { Database } from "bun:sqlite"
import { afterAll, beforeAll, expect, test } from "bun:test"
import { join } from "node:path"
import { credits } from "../../src/app/index.ts"
import { plainText } from "../../src/cli/demo/agent.ts"
import { signedIn } from "../browser/house.ts"
import { addSandbox, giveCredits, makeUser, startTestServer, type TestServer } from "../build.ts"

let server: TestServer
let agent: Awaited<ReturnType<typeof signedIn>>
beforeAll(async () => {
  server = await startTestServer({})
  await addSandbox(server.app)
  const person = await makeUser(server.app, { email: "plays@example.com" })
  await giveCredits(server.app, person, credits(100_000))
  agent = await signedIn(server, person.email)
}, 30_000)
afterAll(() => server?.close())

const PICTURES = "/playground/pictures"
const SPEECH = "/playground/speech"
const RECORDINGS = "/playground/recordings"
const VIDEOS = "/playground/videos"

/** What was charged, call by call, n$. */
const charges = () => {
  const database = new Database(join(server.app.config.dataDir, "purser.db"), { readonly: true })
  const rows = database.query<{ charge: number }, []>("SELECT charge_nano AS charge FROM charges ORDER BY id").all()
  database.close()
  return rows
}
/** Sends the form of a tab with its files, as a browser does. */
async function send(path: string, fields: Record<string, string>, files: Record<string, Uint8Array> = {}, who = agent) {
  const page = await who.get(server.at(path))
  const csrf = new Map(page.forms.find(({ action }) => action.endsWith(path))!.fields).get("csrf")!
  // A form without a file field is sent as such.
  const body = path === SPEECH ? new URLSearchParams() : new FormData()
  for (const [name, value] of Object.entries({ csrf, ...fields })) body.set(name, value)
  for (const [name, bytes] of Object.entries(files))
    (body as FormData).set(name, new Blob([bytes as Uint8Array<ArrayBuffer>]), "x")
  const headers = { cookie: who.cookieHeader(server.at(path)), origin: server.url }
  const response = await fetch(server.at(path), { method: "POST", headers, body, redirect: "manual" })
  return { status: response.status, to: response.headers.get("location") ?? "", text: await response.text() }
}
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(server.at(path), { headers: { cookie: agent.cookieHeader(server.at(path)), ...headers } })
/** The price that the page tells is the one that was charged. */
const expectTold = (html: string, chargeNano: number) => {
  const [, told] = /([\d.]+) credits ·/.exec(plainText(html)) ?? []
  expect(Math.round(Number(told) * 1_000_000)).toBe(chargeNano)
}
const bytesIn = (html: string, start: RegExp): Buffer => {
  const [, base64] = new RegExp(`src="${start.source};base64,([^"]+)"`).exec(html) ?? []
  return Buffer.from(base64 ?? "", "base64")
}

test("what the sandbox can do stands among the models of each tab, with its price", async () => {
  for (const [path, price] of [
    [PICTURES, "credits a picture"],
    [SPEECH, "credits a character"],
    [RECORDINGS, "credits a second"],
    [VIDEOS, "credits a second"],
  ]) {
    const { text } = await agent.get(server.at(path!))
    expect([path, /<option value="sandbox"/.test(text)]).toEqual([path, true])
    expect(text).toContain(price!)
  }
})

let picture: Buffer
test("a picture is made, shown, and changed; each is one charge that its page tells", async () => {
  const before = charges().length
  const made = await send(PICTURES, { model: "sandbox", prompt: "a heron", size: "1024x1024", count: "2" })
  expect(made.status).toBe(200)
  expect(made.text.match(/<img src="data:image\/png/g)).toHaveLength(2)
  picture = bytesIn(made.text, /data:image\/png/)
  expect(picture.toString("latin1", 1, 4)).toBe("PNG")
  const changed = await send(PICTURES, { model: "sandbox", prompt: "at night", count: "1" }, { image: picture })
  expect(bytesIn(changed.text, /data:image\/png/).equals(picture)).toBe(false)
  expect(changed.text).toContain("/v1/images/edits")
  expect(changed.text).not.toContain(picture.toString("base64"))
  const rows = charges().slice(before)
  expect(rows).toHaveLength(2)
  expectTold(made.text, rows[0]!.charge)
  expectTold(changed.text, rows[1]!.charge)
})

test("what is said can be heard and downloaded, and written down again", async () => {
  const before = charges().length
  const spoken = await send(SPEECH, { model: "sandbox", input: "Three words here", voice: "alloy", format: "wav" })
  const sound = bytesIn(spoken.text, /data:audio\/wav/)
  expect(sound.toString("latin1", 0, 4)).toBe("RIFF")
  expect(spoken.text).toContain('download="speech.wav"')
  for (const task of ["transcriptions", "translations"]) {
    const heard = await send(RECORDINGS, { model: "sandbox", task, format: "json" }, { recording: sound })
    expect(plainText(heard.text)).toContain(`You sent ${sound.length} bytes of sound.`)
    expect(heard.text).toContain(`/v1/audio/${task}`)
    expectTold(heard.text, charges().at(-1)!.charge)
  }
  const titled = await send(
    RECORDINGS,
    { model: "sandbox", task: "transcriptions", format: "vtt" },
    { recording: sound },
  )
  expect(plainText(titled.text)).toContain("WEBVTT")
  const rows = charges().slice(before)
  expect(rows).toHaveLength(4)
  expect(rows.every(({ charge }) => charge > 0)).toBe(true)
  expectTold(spoken.text, rows[0]!.charge)
})

test("a video is asked for, looked at and watched, whole or in ranges, by its person alone", async () => {
  const asked = await send(VIDEOS, { model: "sandbox", prompt: "waves", seconds: "2" }, { image: picture })
  expect([asked.status, asked.to]).toEqual([303, expect.stringMatching(/\/playground\/videos\/video_\w+$/)])
  const path = new URL(asked.to, server.url).pathname
  const page = await agent.get(server.at(path))
  expect(page.text).toContain(`<video class="playground-video"`)
  const { charge } = charges().at(-1)!
  expect(plainText(page.text)).toContain(`${charge / 1_000_000} credits`)
  const whole = await get(`${path}/content`)
  expect([whole.status, whole.headers.get("content-type")]).toEqual([200, "video/mp4"])
  expect(whole.headers.get("content-security-policy")).toContain("sandbox")
  expect(whole.headers.get("access-control-allow-origin")).toBeNull()
  const bytes = Buffer.from(await whole.arrayBuffer())
  expect(bytes.toString("latin1", 4, 8)).toBe("ftyp")
  const part = await get(`${path}/content`, { range: "bytes=4-7" })
  expect([part.status, await part.text()]).toEqual([206, "ftyp"])
  expect(plainText((await agent.get(server.at(VIDEOS))).text)).toContain("Done")

  await makeUser(server.app, { email: "other@example.com" })
  const other = await signedIn(server, "other@example.com")
  expect((await other.get(server.at(path))).status).toBe(404)
  expect((await other.get(server.at(`${path}/content`))).status).toBe(404)
  const stranger = await fetch(server.at(`${path}/content`), { redirect: "manual" })
  expect(stranger.status).toBeOneOf([302, 303])

  const gone = await agent.submit(page, `${path}/deletion`, {})
  expect(plainText(gone.text)).toContain("The video is deleted.")
  expect((await agent.get(server.at(path))).status).toBe(404)
})

test("a video that fails costs nothing, and its page says why", async () => {
  const asked = await send(VIDEOS, { model: "sandbox", prompt: "sandbox:fail", seconds: "2" })
  const page = await agent.get(server.at(new URL(asked.to, server.url).pathname))
  expect(plainText(page.text)).toContain("The sandbox was told to fail. You were charged nothing.")
  expect(charges().at(-1)!.charge).toBe(0)
  expect(server.app.ledger.held().holds).toBe(0)
})

test("as code each tab makes no call, and its code holds no key and no file", async () => {
  const before = charges().length
  for (const [path, fields, files, word] of [
    [PICTURES, { prompt: "x", count: "1" }, { image: picture }, "/v1/images/edits"],
    [SPEECH, { input: "x", voice: "alloy" }, {}, "audio.speech.create"],
    [RECORDINGS, { task: "translations" }, { recording: Buffer.from("ID3x") }, "/v1/audio/translations"],
    [VIDEOS, { prompt: "x", seconds: "4" }, { image: picture }, "videos.create"],
  ] as const) {
    const shown = await send(path, { model: "sandbox", want: "code", ...fields }, files)
    const text = plainText(shown.text)
    for (const said of ["curl", "JavaScript", "Python", "PURSER_API_KEY", word])
      expect([path, text]).toEqual([path, expect.stringContaining(said)])
    expect(text).not.toMatch(/sk_(live|test)_\w/)
    expect(shown.text.length).toBeLessThan(100_000)
  }
  expect(charges()).toHaveLength(before)
})

test("files that are none are said beside their field; refusals have the words of the API", async () => {
  const before = charges().length
  const words = Buffer.from("not a file of that kind")
  for (const [path, fields, files, said] of [
    [PICTURES, { prompt: "x" }, { image: words }, "Choose a PNG"],
    [RECORDINGS, { task: "transcriptions" }, { recording: words }, "Choose an MP3"],
    [RECORDINGS, { task: "transcriptions" }, {}, "Choose a recording."],
    [VIDEOS, { prompt: "x" }, { image: words }, "Choose a PNG"],
    [VIDEOS, { prompt: "" }, {}, "Say what is to be seen."],
    [SPEECH, { input: "" }, {}, "Write what is to be said."],
  ] as const) {
    const refused = await send(path, { model: "sandbox", ...fields }, files)
    expect([path, refused.status]).toEqual([path, 422])
    expect(refused.text).toContain(said)
  }
  for (const [path, fields] of [
    [PICTURES, { prompt: "x", count: "1" }],
    [SPEECH, { input: "x", voice: "alloy" }],
    [VIDEOS, { prompt: "x", seconds: "4" }],
  ] as const) {
    const refused = await send(path, { model: "nobody", ...fields })
    expect(plainText(refused.text)).toContain("404 model_not_found")
  }
  expect(charges()).toHaveLength(before)
  await makeUser(server.app, { email: "poor@example.com" })
  const poor = await signedIn(server, "poor@example.com")
  // A day's free credits pay some pictures, and no more.
  const said: string[] = []
  for (let at = 0; at < 6; at++) {
    said.push(plainText((await send(PICTURES, { model: "sandbox", prompt: "x", count: "4" }, {}, poor)).text))
  }
  expect(said.at(-1)).toContain("402 insufficient_credits")
})
