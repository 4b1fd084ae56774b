// The examples of docs/how-to/use-your-sdk.md in JavaScript, as they stand there.
import { afterAll, beforeAll, expect, spyOn, test } from "bun:test"
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { openRig, type Rig } from "../rig.ts"
import { USAGE } from "../scenarios.ts"
import { begin, conversation, WORDS } from "./script.ts"

const ROOT = new URL("../../../", import.meta.url)
const PAGE = readFileSync(new URL("docs/how-to/use-your-sdk.md", ROOT), "utf8")
/** From where packages are found. */
const FOLDER = new URL(`node_modules/.cache/how-to-${process.pid}/`, ROOT)

let rig: Rig
const given = { ...process.env }
beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true })
  rig = await openRig()
  process.env.PURSER_URL = rig.kit.server.url
  process.env.PURSER_KEY = rig.token
})
afterAll(async () => {
  rmSync(FOLDER, { recursive: true })
  for (const name of ["PURSER_URL", "PURSER_KEY"]) {
    if (given[name] === undefined) delete process.env[name]
    else process.env[name] = given[name]
  }
  await rig.close()
})

const examples = [...PAGE.matchAll(/^## (.*)$|^```js\n([\s\S]*?)^```$/gm)]
let title = ""
let count = 0
for (const [, heading, code] of examples) {
  if (heading !== undefined) title = heading
  if (code === undefined) continue
  count++
  const file = new URL(`${count}.mjs`, FOLDER)
  test(`${title}: the example says what the model says, and is charged`, async () => {
    const short = () => ({ text: WORDS, finish: "stop" as const, usage: USAGE })
    begin(rig, (seen) => (seen.tools.length > 0 ? conversation(true)(seen) : short()))
    const before = rig.kit.balance()
    const said: string[] = []
    const log = spyOn(console, "log").mockImplementation((text: string) => void said.push(text))
    const write = spyOn(process.stdout, "write").mockImplementation((text) => said.push(String(text)) > 0)
    try {
      writeFileSync(file, code)
      await import(file.pathname)
    } finally {
      log.mockRestore()
      write.mockRestore()
    }
    expect(said.join("").replaceAll(WORDS, "")).toBe("")
    expect(said.length).toBeGreaterThan(0)
    expect({ wrong: rig.wrong, logged: rig.logged, paid: before - rig.kit.balance() > 0 }).toEqual({
      wrong: [],
      logged: [],
      paid: true,
    })
  })
}

test("there are examples", () => {
  expect(count).toBe(3)
})
