// The server that gets killed between two steps: after each question to the processor, inside each write and after it. Composed as
// `purser serve` composes it. Tells what it did in lines of JSON.
import { writeSync } from "node:fs"
import { createInterface } from "node:readline"
import { readConfig, silentLog, VirtualClock } from "../../../src/app/index.ts"
import { compose } from "../../../src/compose.ts"
import type { User } from "../../../src/identity/index.ts"
import { createHasher } from "../../../src/identity/index.ts"
import { QUICK_HASHES } from "../../../src/identity/testing.ts"
import { lockFolder, type Store } from "../../../src/store/index.ts"
import { makeUser } from "../../build.ts"
import { leftOf } from "../flows/state.ts"
import { SECRET_KEY, WEBHOOK_SECRET } from "../world.ts"
import { HOUSE_ACTS } from "./acts.ts"
import type { Line, Start, Word } from "./protocol.ts"

// It waits for its first word with everything loaded: a spare, until the one before it is dead.
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const first = await lines.next()
if (first.done) process.exit(0)
const start = JSON.parse(first.value) as Start
const tell = (line: Line) => writeSync(1, `${JSON.stringify(line)}\n`)

let steps = 0
let killAt: number | null = null
let dieInside = true
function step(what: string): void {
  if (killAt === null || ++steps !== killAt) return
  tell({ dies: what })
  process.kill(process.pid, "SIGKILL")
}

const stripe = {
  secretKey: SECRET_KEY,
  webhookSecret: WEBHOOK_SECRET,
  apiBase: start.apiBase,
  async fetch(request: Request) {
    const what = `${request.method} ${new URL(request.url).pathname}`
    const answer = await fetch(request)
    const body = await answer.arrayBuffer()
    step(`after ${what}`)
    return new Response(body, { status: answer.status, headers: answer.headers })
  },
}

/** Those of billing alone: others' come whenever they like. */
function countWrites(store: Store): void {
  const { write } = store
  store.write = async (ctx, mutation, options) => {
    const isCounted = ctx.requestId === "kill" || ctx.actor === "system:billing" || ctx.actor === "system:recharge"
    if (!isCounted) return await write(ctx, mutation, options)
    const result = await write(
      ctx,
      (tx) => {
        const made = mutation(tx)
        if (dieInside) step(`inside "${ctx.reason}"`)
        return made
      },
      options,
    )
    step(`after "${ctx.reason}"`)
    return result
  }
}

const baseUrl = `http://localhost:${start.port}`
const flags = { port: String(start.port), "data-dir": start.dataDir, "base-url": baseUrl, "drain-seconds": "1" }
const config = readConfig(flags, {}, true)
lockFolder(config.dataDir)
const clock = new VirtualClock(start.nowMs)
const hasher = createHasher(undefined, undefined, QUICK_HASHES)
const app = await compose(config, { log: silentLog, clock, stripe, hasher })
countWrites(app.store)
tell({ listens: (await app.listen()).url })

const people = new Map<string, User>()
const personOf = (email: string): User => people.get(email) ?? app.identity.userByEmail(email)!

async function obey(word: Word): Promise<unknown> {
  clock.set(word.nowMs)
  switch (word.do) {
    case "person":
      people.set(word.email, await makeUser(app, { email: word.email }))
      return null
    case "arm":
      steps = 0
      killAt = word.killAt
      dieInside = word.inside
      return null
    case "act":
      return await HOUSE_ACTS[word.name]!(app, personOf(word.email), word.kept)
    case "jobs":
      for (const { name } of app.contributed.jobs) if (name.startsWith("reconcile")) await runNow(name)
      return null
    case "left": {
      const { n } = app.store.read.get<{ n: number }>(
        "SELECT COUNT(*) AS n FROM outbox WHERE topic = 'mail' AND subject = ?",
        app.keyring.hmac("mail-order", word.email),
      )!
      // One that means nothing in one drama may be all that another is about.
      const typesOf = (state: "applied" | "ignored") => app.billing.events(state, 1_000).map(({ type }) => type)
      const applied = new Set(typesOf("applied"))
      const ignored = typesOf("ignored").filter((type) => !applied.has(type))
      return { left: leftOf(app.store.read, personOf(word.email), [`${n} mails`]), steps, ignored }
    }
  }
}
/** Once the run that the start began is over. */
async function runNow(name: string): Promise<void> {
  while (app.jobs.list().some((job) => job.name === name && job.runningSinceMs !== null)) await Bun.sleep(1)
  await app.jobs.runNow(JOB, name)
}
const JOB = { actor: "cli", requestId: "jobs", reason: "now" }

for (let line = await lines.next(); !line.done; line = await lines.next()) {
  try {
    tell({ ok: (await obey(JSON.parse(line.value) as Word)) ?? null })
  } catch (error) {
    tell({ refused: (error as Error).message })
  }
}
