// Sign-in by a code, from the terminal to a charged call: the sample program as it is published, and a person at a browser.
import { afterAll, beforeAll, expect, test } from "bun:test"
import { join } from "node:path"
import { credits } from "../../src/app/index.ts"
import { plainText, WebAgent } from "../../src/cli/demo/agent.ts"
import type { User } from "../../src/identity/index.ts"
import type { Client } from "../../src/oauth/index.ts"
import {
  addSandbox,
  CTX,
  giveCredits,
  makeClient,
  makeUser,
  PASSWORD,
  startTestServer,
  type TestServer,
} from "../build.ts"

const PROGRAM = join(import.meta.dir, "../../examples/terminal/login.ts")

let server: TestServer
let person: User
let client: Client
beforeAll(async () => {
  server = await startTestServer()
  await addSandbox(server.app)
  person = await makeUser(server.app, { email: "mara@example.com" })
  await giveCredits(server.app, person, credits(500))
  const made = await makeClient(server.app, { type: "public", name: "Terminal Example" })
  const input = { ownerId: "any", clientPublicId: made.client.publicId, deviceFlow: true } as const
  client = await server.app.store.write(CTX, (tx) => server.app.oauth.updateClientIn(tx, input))
})
afterAll(() => server.close())

const start = async (more: Record<string, string> = {}) => {
  const fields = { client_id: client.publicId, scope: "llm", ...more }
  const response = await fetch(`${server.url}/device_authorization`, {
    method: "POST",
    body: new URLSearchParams(fields),
  })
  return { response, body: (await response.json()) as Record<string, string> }
}

test("the sample program logs in, asks a question and says what it cost", async () => {
  const program = Bun.spawn([process.execPath, PROGRAM, "What is tea?"], {
    env: { ...process.env, PURSER_URL: server.url, CLIENT_ID: client.publicId, MODEL: "sandbox" },
    stdout: "pipe",
    stderr: "pipe",
  })
  const lines = program.stdout.pipeThrough(new TextDecoderStream()).getReader()
  let said = ""
  while (!/user_code=\S+\n/.test(said)) said += (await lines.read()).value ?? ""
  const link = /or open (\S+)/.exec(said)![1]!
  const code = /enter the code (\S+)/.exec(said)![1]!

  const agent = new WebAgent()
  const opened = await agent.get(link)
  expect(plainText(opened.text)).toContain("Does your device show this code?")
  const login = await agent.submit(opened, "/device")
  expect(plainText(login.text)).toContain("to continue to Terminal Example")
  const consent = await agent.submit(login, "/login", { email: person.email, password: PASSWORD })
  const shown = plainText(consent.text)
  expect(shown).toContain(code)
  expect(shown).toContain("on your network, by terminal-example/1.0")
  expect(shown).toContain("Your device hears of either.")
  const done = await agent.submit(consent, "/authorize/consent", { limit_llm: "12", decision: "approve" })
  expect(plainText(done.text)).toContain("Your device is connected")

  for (let part = await lines.read(); !part.done; part = await lines.read()) said += part.value
  expect(await program.exited).toBe(0)
  expect(said).toMatch(/It cost \d[\d.]* credits\.\n$/)
  const [consented] = server.app.oauth.consentsOf(person.id)
  expect(consented?.limits.llm).toBe(credits(12))
  expect(server.app.usage.lastCallAt(person.id, client.id)).not.toBeNull()
})

test("the page: a code that nobody waits for is said beside its field, and no is told to the device", async () => {
  const agent = new WebAgent()
  const page = await agent.get(`${server.url}/device`)
  const wrong = await agent.submit(page, "/device", { user_code: "BCDF-GHJK" })
  expect(wrong.status).toBe(422)
  expect(plainText(wrong.text)).toContain("This code is not one that waits.")
  const { body } = await start()
  const login = await agent.submit(wrong, "/device", { user_code: body.user_code!.toLowerCase() })
  const consent = await agent.submit(login, "/login", { email: person.email, password: PASSWORD })
  const done = await agent.submit(consent, "/authorize/consent", { decision: "deny" })
  expect(plainText(done.text)).toContain("Nothing was connected")
  const polled = await fetch(`${server.url}/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "urn:ietf:params:oauth:grant-type:device_code",
      device_code: body.device_code!,
      client_id: client.publicId,
    }),
  })
  expect([polled.status, ((await polled.json()) as { error: string }).error]).toEqual([400, "access_denied"])
  expect(polled.headers.get("cache-control")).toBe("no-store")
})

test("the endpoint: its own words, no store, any origin, POST alone", async () => {
  const { response, body } = await start()
  expect(response.headers.get("cache-control")).toBe("no-store")
  expect(response.headers.get("access-control-allow-origin")).toBe("*")
  expect(body.user_code).toMatch(/^[B-Z]{4}-[B-Z]{4}$/)
  expect((await start({ client_id: "cli_nobody" })).response.status).toBe(401)
  expect((await fetch(`${server.url}/device_authorization`)).status).toBe(405)
  const metadata = (await (await fetch(`${server.url}/.well-known/openid-configuration`)).json()) as Record<
    string,
    unknown
  >
  expect(metadata.device_authorization_endpoint).toBe(`${server.url}/device_authorization`)
})
