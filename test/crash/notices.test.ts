// kill −9 between a cause, its notice and its mail: each cause is told once. What was never handed over is sent by the next process; a mail
// that died on the line between its last byte and the answer comes again under the same Message-ID, by which programs know it.
import { Database } from "bun:sqlite"
import { afterAll, beforeAll, expect, test } from "bun:test"
import { rmSync } from "node:fs"
import { join } from "node:path"
import { SMTPServer } from "smtp-server"
import { testFolder } from "../../src/store/index.ts"
import { freePort } from "../build.ts"
import { bundled } from "../bundle.ts"
import { eventually } from "../eventually.ts"

const CAUSES = 40
const KILLS_AT = [4]
const dataDir = testFolder("purser-told-")
const port = String(freePort())
const got: { key: string; id: string }[] = []
/** What becomes of a mail whose last byte is here. */
let answer: (accept: () => void) => void = () => {}
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
        const id = /^Message-ID: (\S+)/im.exec(text)![1]!
        got.push({ key: /key-\d+/.exec(text)![0], id })
        answer(() => callback())
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

/** Makes keys until there are so many. @returns once `isOver` says so of how many it made, killed */
async function live(causes: number, isOver: (made: number) => boolean): Promise<void> {
  const child = Bun.spawn([...bundled("test/crash/notices-child.ts"), dataDir, port, smtpUrl, String(causes)], {
    stdout: "pipe",
    stderr: "inherit",
  })
  let said = ""
  void (async () => {
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) said += text
  })()
  const isDone = () => said.includes("ready") && isOver(said.split("made").length - 1)
  await eventually("what it is killed after", isDone, { ms: 60_000, everyMs: 2 })
  child.kill("SIGKILL")
  await child.exited
}

const rows = <Row>(sql: string): Row[] => {
  const db = new Database(join(dataDir, "purser.db"))
  try {
    return db.query<Row, []>(sql).all()
  } finally {
    db.close()
  }
}
const told = () => rows<{ n: number }>("SELECT count(*) AS n FROM notices WHERE kind = 'key_created'")[0]!.n
const made = () => rows<{ n: number }>("SELECT count(*) AS n FROM api_keys")[0]!.n
/** Mails of which this house knows that they left. */
const booked = () =>
  rows<{ n: number }>("SELECT count(*) AS n FROM outbox WHERE topic = 'mail' AND state = 'done'")[0]!.n
const keys = () => new Set(got.map(({ key }) => key))

test("killed while the mail server is silent, each cause has one notice, and its mail leaves once, later", async () => {
  // The mail server takes every byte and never answers: nothing is delivered.
  answer = () => {}
  for (const at of KILLS_AT) await live(CAUSES, (count) => count >= at && got.length > 0)
  expect(made()).toBeGreaterThanOrEqual(Math.max(...KILLS_AT))
  expect(made()).toBeLessThan(CAUSES)
  expect(told()).toBe(made())
  const onTheLine = new Map(got.map(({ key, id }) => [key, id]))
  // One at a time, for one person: what died on the line is the first of them, and nobody else.
  expect(onTheLine.size).toBe(1)
  answer = (accept) => accept()
  got.length = 0
  await live(CAUSES, (count) => count >= 1 && keys().size >= CAUSES && booked() >= CAUSES)
  expect([made(), told()]).toEqual([CAUSES, CAUSES])
  expect(got.map(({ key }) => key).toSorted()).toEqual(Array.from({ length: CAUSES }, (_, n) => `key-${n}`).toSorted())
  expect(new Set(got.map(({ id }) => id)).size).toBe(CAUSES)
  for (const [key, id] of onTheLine) expect(got.find((mail) => mail.key === key)!.id).toBe(id)
}, 90_000)

test("the processes after it tell nobody again", async () => {
  const before = got.length
  await live(0, () => true)
  await live(CAUSES + 1, () => keys().size > CAUSES && booked() > CAUSES)
  expect([got.length, told()]).toEqual([before + 1, CAUSES + 1])
}, 90_000)
