// The playground: a person's own calls from a page, whole and streamed, charged by the road of any call; refusals in the API's own words.
import { Database } from "bun:sqlite"
import { afterAll, beforeAll, expect, test } from "bun:test"
import { join } from "node:path"
import { credits } from "../../src/app/index.ts"
import { plainText } from "../../src/cli/demo/agent.ts"
import { pngOf } from "../../src/media/testing.ts"
import { signedIn } from "../browser/house.ts"
import {
  addSandbox,
  CTX,
  chat,
  giveCredits,
  makeClient,
  makeDeveloper,
  makeUser,
  mintTokens,
  startTestServer,
  type TestServer,
} from "../build.ts"

let server: TestServer
let person: Awaited<ReturnType<typeof makeUser>>
let agent: Awaited<ReturnType<typeof signedIn>>
beforeAll(async () => {
  server = await startTestServer({})
  await addSandbox(server.app)
  person = await makeUser(server.app, { email: "plays@example.com" })
  await giveCredits(server.app, person, credits(1_000))
  agent = await signedIn(server, person.email)
}, 30_000)
afterAll(() => server?.close())

const PATH = "/playground"
const page = () => agent.get(server.at(PATH))
/** What the person was charged, call by call. */
const charges = () => {
  const database = new Database(join(server.app.config.dataDir, "purser.db"), { readonly: true })
  const rows = database.query<{ call_id: string; charge: number }, []>("SELECT * FROM charges ORDER BY id").all()
  database.close()
  return rows
}
const send = async (fields: Record<string, string>, headers: Record<string, string> = {}) => {
  const csrf = new Map((await page()).forms.find(({ action }) => action.endsWith(PATH))!.fields).get("csrf")!
  return await fetch(server.at(PATH), {
    method: "POST",
    headers: { cookie: agent.cookieHeader(server.at(PATH)), origin: server.url, ...headers },
    body: new URLSearchParams({ csrf, model: "sandbox", ...fields }),
  })
}

test("one question to two models is two calls, each answered and charged by itself", async () => {
  const before = charges().length
  const sides = { model: "sandbox", model2: "sandbox/sandbox", message: "sandbox:cost 10" }
  const answered = await agent.submit(await page(), PATH, sides)
  expect(answered.status).toBe(200)
  const made = charges().slice(before)
  expect(new Set(made.map(({ call_id }) => call_id)).size).toBe(2)
  expect(plainText(answered.text).match(/ 10 out · /g)).toHaveLength(2)
  expect(answered.text).not.toContain('role="alert"')
})

test("a plan whose keys reach free models only pays here what any app costs", async () => {
  const developer = await makeDeveloper(server.app)
  const { client, secret } = await makeClient(server.app, { ownerId: developer.id })
  const { accessToken } = await mintTokens(server.app, { user: person, client, secret })
  const messages = [{ role: "user", content: "sandbox:cost 100" }]
  const throughApp = await chat(server.url, accessToken, { messages })
  expect(throughApp.status).toBe(200)
  const answered = await agent.submit(await page(), PATH, { model: "sandbox", message: "sandbox:cost 100" })
  expect(plainText(answered.text)).toContain(`${throughApp.headers.get("x-credits-charged")} credits`)
})

test("a follow-up sends what was said before; what was answered is not sent again", async () => {
  const first = await agent.submit(await page(), PATH, { model: "sandbox", message: "Remember the word heron." })
  const again = await agent.submit(first, PATH, { model: "sandbox", message: "And now?" })
  const fields = new Map(again.forms.find(({ action }) => action.endsWith(PATH))!.fields)
  const turns = JSON.parse(fields.get("turns")!) as { role: string; content: string }[]
  expect(turns.map(({ role }) => role)).toEqual(["user", "assistant", "user", "assistant"])
  expect(turns[0]!.content).toBe("Remember the word heron.")
  expect(again.text).toMatch(/<textarea id="message"[^>]*><\/textarea>/)
})

test("a stream comes as it is made, with its charge, for this origin alone", async () => {
  const before = charges().length
  const streamed = await send({ message: "Tell me.", want: "stream" })
  expect(streamed.headers.get("content-type")).toContain("text/event-stream")
  expect(streamed.headers.get("access-control-allow-origin")).toBeNull()
  const text = await streamed.text()
  const [, charged] = /^: charged (\d+) remaining \d+/m.exec(text) ?? []
  expect(Number(charged)).toBeGreaterThan(0)
  expect(text).toContain('"prompt_tokens"')
  expect(charges()).toHaveLength(before + 1)
})

test("a picture goes along with its message, and stands in no code", async () => {
  const csrf = new Map((await page()).forms.find(({ action }) => action.endsWith(PATH))!.fields).get("csrf")!
  const sent = async (want: string) => {
    const body = new FormData()
    for (const [name, value] of Object.entries({ csrf, model: "sandbox", message: "sandbox:cost 1", want }))
      body.set(name, value)
    body.set("image", new Blob([pngOf(600, 400) as Uint8Array<ArrayBuffer>]), "x.png")
    const headers = { cookie: agent.cookieHeader(server.at(PATH)), origin: server.url }
    return (await fetch(server.at(PATH), { method: "POST", headers, body })).text()
  }
  const [, input] = /([\d,]+) in, /.exec(plainText(await sent("")))!
  // A picture of this size is hundreds of tokens; the words alone are a few.
  expect(Number(input!.replace(",", ""))).toBeGreaterThan(100)
  const code = plainText(await sent("code"))
  expect(code).toContain("data:image/png;base64,YOUR_PICTURE")
  expect(code.length).toBeLessThan(20_000)
})

test("as code it holds no key and makes no call", async () => {
  const before = charges().length
  const shown = await send({ message: "It's <b>me</b>", want: "code", temperature: "0.5" })
  const text = plainText(await shown.text())
  for (const word of ["curl", "JavaScript", "Python", "PURSER_API_KEY", "/v1/chat/completions"])
    expect(text).toContain(word)
  expect(text).not.toMatch(/sk_(live|test)_\w/)
  expect(charges()).toHaveLength(before)
})

test("what nobody could send is said beside its field, and asks nobody", async () => {
  const before = charges().length
  for (const [name, value, words] of [
    ["tools", "{}", "JSON array"],
    ["schema", "[1]", "JSON object"],
    ["temperature", "warm", "Give a number"],
    ["message", " ", "Write a message"],
  ] as const) {
    const refused = await send({ message: "Hello.", [name]: value })
    expect([name, refused.status]).toEqual([name, 422])
    expect(await refused.text()).toContain(words)
  }
  expect(charges()).toHaveLength(before)
})

test("refusals have the words, the status and the way on that an app's person gets", async () => {
  const unknown = await agent.submit(await page(), PATH, { model: "nobody", message: "Hello." })
  expect(plainText(unknown.text)).toContain("404 model_not_found")
  const streamed = await send({ model: "nobody", message: "Hello.", want: "stream" })
  expect([streamed.status, ((await streamed.json()) as { error: { code: string } }).error.code]).toEqual([
    404,
    "model_not_found",
  ])
  const poor = await makeUser(server.app, { email: "poor@example.com" })
  const theirs = await signedIn(server, poor.email)
  const dear = { model: "sandbox", message: "Hello.", system: "long ".repeat(2_000), max_tokens: "100000" }
  const refused = await theirs.submit(await theirs.get(server.at(PATH)), PATH, dear)
  expect(plainText(refused.text)).toContain("402 insufficient_credits")
  expect(refused.text).toContain('href="/credits"')
})

test("no other site and nobody who is not signed in asks in a person's name", async () => {
  const before = charges().length
  expect((await send({ message: "Hello.", csrf: "forged", want: "stream" })).status).toBe(403)
  const stranger = await fetch(server.at(PATH), {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ model: "sandbox", message: "Hello.", want: "stream" }),
  })
  expect(stranger.status).toBeOneOf([303, 403])
  expect(charges()).toHaveLength(before)
})

test("somebody who was suspended is refused inside the hold", async () => {
  const gone = await makeUser(server.app, { email: "gone@example.com" })
  await giveCredits(server.app, gone, credits(10))
  const asking = { person: { userId: gone.id, publicId: gone.publicId }, page: new Request(server.at(PATH)) }
  await server.app.identity.suspend(CTX, { userId: gone.id, reason: "a test" })
  const body = { model: "sandbox", messages: [{ role: "user", content: "Hello." }] }
  const answer = await server.app.gateway.own.chatCompletions(body, asking)
  expect(answer.status).toBe(403)
})
