// Markdown, coloured code, JSON, differences and PDFs inside the executable: their libraries are loaded with the first page that needs
// them, and nothing but the one file is there to load them from.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { join } from "node:path"
import { WebAgent, type WebPage } from "../../src/cli/demo/agent.ts"
import { freePort, softKey } from "../build.ts"
import { type Executable, filesBeside, openExecutable } from "./binary.ts"

// Building and starting, on a machine that may be busy.
setDefaultTimeout(180_000)

let purser: Executable
let demo: Bun.Subprocess<"ignore", "pipe", "ignore"> | undefined
let url: string
let password: string

beforeAll(async () => {
  purser = await openExecutable()
})
afterAll(async () => {
  demo?.kill("SIGTERM")
  await demo?.exited
  await purser?.remove()
})

test("the page of all parts has each of them, from the executable alone", async () => {
  const port = freePort()
  url = `http://localhost:${port}`
  demo = Bun.spawn([join(purser.home, "purser"), "demo", "--port", String(port)], {
    cwd: purser.home,
    env: {},
    stdin: "ignore",
    stdout: "pipe",
    stderr: "ignore",
  })
  const isUp = () =>
    fetch(`${url}/up`).then(
      (answer) => answer.ok,
      () => false,
    )
  while (demo.exitCode === null && !(await isUp())) await Bun.sleep(100)
  const answer = await fetch(`${url}/_ui`)
  expect(answer.status).toBe(200)
  const page = await answer.text()
  // Markdown: written, sanitised, its code coloured.
  expect(page).toContain('<a href="https://storyteller.example" rel="nofollow noopener ugc">how it works</a>')
  expect(page).toContain(
    '<div class="table-scroll" tabindex="0" role="region" aria-label="Table: Model, Credits a story">',
  )
  expect(page).toContain('<span class="hl-keyword">const</span>')
  expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;")
  expect(page).not.toContain("<script>alert")
  // Grammars, each loaded by itself: HTTP, PHP, SQL, Python.
  for (const coloured of ["POST", "&lt;?php", "SELECT"])
    expect(page).toMatch(new RegExp(`hl-[a-z]+">${coloured.replace("?", "\\?")}`))
  // A document with its digits, a difference in words.
  expect(page).toContain('<span class="hl-number">812</span>')
  expect(page).toMatch(/<span class="sr">Removed: <\/span>[\s\S]{0,200}<del>3<\/del>/)
  for (const path of ["js/json.js", "js/toc.js"]) {
    const linked = new RegExp(`data-module="(/assets/${path}[^"]+)"`).exec(page)?.[1]
    expect((await fetch(url + linked)).headers.get("content-type")).toContain("javascript")
  }
  expect(filesBeside(purser)).toEqual([])
})

test("the invoice of a purchase is a PDF, drawn in the Worker of the executable", async () => {
  password = (await saying(/password (\S+)/))[1]!
  const agent = new WebAgent((next) => next.origin === url)
  await agent.submit(await agent.get(`${url}/dashboard`), "/login", { email: "ada@demo.example", password })
  const names = ["browser", "auth", "console"]
  const cookie = names.map((name) => `purser_${name}=${agent.cookie(url, `_${name}`)}`).join("; ")
  const { text } = await agent.get(`${url}/credits/invoices`)
  const path = /\/credits\/invoices\/INV-\d{4}-\d{3,}(?=")/.exec(text)?.[0]
  const file = await fetch(`${url}${path}/pdf`, { headers: { cookie } })
  expect([file.status, file.headers.get("content-type")]).toEqual([200, "application/pdf"])
  const pdf = Buffer.from(await file.bytes())
  expect([pdf.subarray(0, 8).toString(), pdf.subarray(-6).toString()]).toEqual(["%PDF-1.7", "%%EOF\n"])
  // Its two fonts lie within it.
  expect(pdf.toString("latin1").match(/\+Inter-(Regular|SemiBold)/g)?.length).toBeGreaterThan(1)
  expect(filesBeside(purser)).toEqual([])
})

test("a tool server is asked by the SDK within the executable, and none of a private network is reached", async () => {
  const agent = new WebAgent((next) => next.origin === url)
  await agent.submit(await agent.get(`${url}/dashboard`), "/login", { email: "ada@demo.example", password })
  await agent.submit(await agent.get(`${url}/mcp/new`), "/mcp", { title: "Tools", name: "tools" })
  const adding = await agent.get(`${url}/mcp/tools/add`)
  const added = await agent.submit(adding, "/mcp/tools/add", { url: "https://10.0.0.1/mcp", auth: "none" })
  expect(added.text).toContain("That address is not on the public internet.")
  expect(filesBeside(purser)).toEqual([])
})

test("a passkey is made and signs in, by the executable alone", async () => {
  const agent = new WebAgent((next) => next.origin === url)
  await agent.submit(await agent.get(`${url}/dashboard`), "/login", { email: "ada@demo.example", password })
  const key = await softKey(url)
  const asked = (page: WebPage, action: string) => {
    const options = /data-options="([^"]+)"/.exec(page.text)![1]!.replaceAll("&#34;", '"').replaceAll("&quot;", '"')
    const form = page.forms.find((one) => one.action === action)!
    return { ticket: form.fields.find(([name]) => name === "ticket")![1], options: JSON.parse(options) }
  }
  const path = "/settings/passkeys/new"
  const page = await agent.get(url + path)
  const made = await agent.submit(page, path, { response: await key.make(asked(page, path)) })
  expect(made.text).toContain("Recovery codes")
  const other = new WebAgent((next) => next.origin === url)
  const login = await other.get(`${url}/login`)
  const response = await key.use(asked(login, "/login/passkey"))
  const entered = await other.submit(login, "/login/passkey", { response })
  expect(entered.url).toContain("/dashboard")
  expect(filesBeside(purser)).toEqual([])
})

/** What the demo says on its way. */
async function saying(pattern: RegExp): Promise<RegExpExecArray> {
  let said = ""
  const decoder = new TextDecoder()
  for await (const piece of demo!.stdout) {
    said += decoder.decode(piece, { stream: true })
    const found = pattern.exec(said)
    if (found) return found
  }
  throw new Error(`the demo ended without saying ${pattern}: ${said}`)
}
