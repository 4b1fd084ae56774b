// kill −9 while people are told that credits are low, a developer that a pool is empty, and everybody about their month: each is told once.
import { Database } from "bun:sqlite"
import { afterAll, beforeAll, expect, test } from "bun:test"
import { rmSync } from "node:fs"
import { join } from "node:path"
import { SMTPServer } from "smtp-server"
import { testFolder } from "../../src/store/index.ts"
import { freePort } from "../build.ts"
import { bundled } from "../bundle.ts"
import { eventually } from "../eventually.ts"

const PEOPLE = 12
const dataDir = testFolder("purser-spending-")
const port = String(freePort())
/** Message-IDs by who got what. */
const got = new Map<string, Set<string>>()
let smtp: SMTPServer
let smtpUrl = ""

beforeAll(async () => {
  smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, _session, callback) {
      let text = ""
      stream.on("data", (piece) => {
        text += piece
      })
      stream.on("end", () => {
        const header = (name: string) => new RegExp(`^${name}: (.+)`, "im").exec(text)![1]!.trim()
        const kind = `${header("To")} ${header("Subject").replace(/[\d,.]+/g, "N")}`
        got.set(kind, (got.get(kind) ?? new Set()).add(header("Message-ID")))
        callback()
      })
    },
  })
  smtp.on("error", () => {})
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", () => resolve()))
  smtpUrl = `smtp://127.0.0.1:${(smtp.server.address() as { port: number }).port}`
})
afterAll(async () => {
  await new Promise<void>((resolve) => smtp.close(() => resolve()))
  rmSync(dataDir, { recursive: true, force: true })
})

const child = (people: number) =>
  Bun.spawn([...bundled("test/crash/spending-child.ts"), dataDir, port, smtpUrl, String(people)], {
    stdout: "pipe",
    stderr: "inherit",
  })

/** Killed as soon as it `isOver`. */
async function live(isOver: (said: string) => boolean): Promise<void> {
  const server = child(0)
  let said = ""
  void (async () => {
    for await (const text of server.stdout.pipeThrough(new TextDecoderStream())) said += text
  })()
  await eventually("what it is killed after", () => isOver(said), { ms: 60_000, everyMs: 1 })
  server.kill("SIGKILL")
  await server.exited
}
function count(sql: string): number {
  const db = new Database(join(dataDir, "purser.db"))
  try {
    return db.query<{ n: number }, []>(sql).get()!.n
  } finally {
    db.close()
  }
}
const notices = (kind: string) => count(`SELECT count(*) AS n FROM notices WHERE kind = '${kind}'`)

test("killed at any moment, each is told once", async () => {
  expect(await child(PEOPLE).exited).toBe(0)
  const lows: number[] = []
  const letters: number[] = []
  await live((said) => said.includes("ready") && notices("credits_low") >= 3)
  lows.push(notices("credits_low"))
  await live((said) => said.includes("letters"))
  letters.push(notices("monthly_letter"))
  await live((said) => said.includes("letters\nletters"))
  letters.push(notices("monthly_letter"))
  // The kills fell where they were meant to.
  expect([lows[0]! < PEOPLE, letters[0]! < PEOPLE]).toEqual([true, true])
  for (let round = 0; round < 2; round++)
    await live(
      (said) => said.includes("all") && count("SELECT count(*) AS n FROM outbox WHERE state = 'waiting'") === 0,
    )
  expect([notices("credits_low"), notices("pool_empty"), notices("monthly_letter")]).toEqual([PEOPLE, 1, PEOPLE])
  expect(notices("pool_low")).toBe(0)
  const told = [...got].filter(([kind]) => /low|empty|October/.test(kind))
  expect(told.length).toBe(2 * PEOPLE + 1)
  for (const [kind, ids] of told) expect([kind, ids.size]).toEqual([kind, 1])
}, 240_000)
