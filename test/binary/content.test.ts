// Markdown, coloured code, JSON and differences inside the executable: their libraries are loaded with the first page that needs them,
// and nothing but the one file is there to load them from.
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { join } from "node:path"
import { freePort } from "../build.ts"
import { type Executable, filesBeside, openExecutable } from "./binary.ts"

// Building and starting, on a machine that may be busy.
setDefaultTimeout(180_000)

let purser: Executable
let demo: Bun.Subprocess | undefined

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
  const url = `http://localhost:${port}`
  demo = Bun.spawn([join(purser.home, "purser"), "demo", "--port", String(port)], {
    cwd: purser.home,
    env: {},
    stdin: "ignore",
    stdout: "ignore",
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
