// The server that dies with its replica beside it: as `purser serve` makes it, with a load of grants of its own. Tells what it did in lines
// of JSON before anything else happens, and how many of the grants it told the replica is known to have.
import { writeSync } from "node:fs"
import { createLog, credits, nano, PrincipalId, readConfig } from "../../src/app/index.ts"
import { compose } from "../../src/compose.ts"
import { lockFolder } from "../../src/store/index.ts"
import type { Line } from "./kit.ts"

const startedMs = performance.now()
const start = JSON.parse(process.argv[2] ?? "") as {
  dataDir: string
  round: number
  granteeIds: number[]
  mode: "load" | "rest"
}
const tell = (line: Line) => writeSync(1, `${JSON.stringify(line)}\n`)
const flags = { port: "0", "data-dir": start.dataDir, "base-url": "http://localhost:9", "drain-seconds": "2" }
const config = readConfig(flags, process.env, true)
const log = createLog({ level: "info", format: "json" })

let app: Awaited<ReturnType<typeof compose>>
try {
  lockFolder(config.dataDir)
  const onReplaced = (error: Error) => {
    tell({ kind: "replaced", why: error.message })
    process.exit(1)
  }
  app = await compose(config, { log, sandboxWordMs: 4, onReplaced })
} catch (error) {
  tell({ kind: "refused", why: (error as Error).message })
  process.exit(1)
}
const server = await app.listen()
const { restored } = app.replica
tell({ kind: "listening", url: server.url, restored, bootMs: performance.now() - startedMs })

process.on("SIGTERM", async () => {
  await app.stop()
  process.exit(0)
})

let granted = 0
async function grantForever(worker: number): Promise<never> {
  for (let n = 0; ; n++) {
    const key = `replica:${start.round}:${worker}:${n}`
    const id = PrincipalId(start.granteeIds[(worker + n) % start.granteeIds.length]!)
    const ctx = { actor: "cli", requestId: `req_${key}`, reason: "replica test" }
    const terms = { mode: "live", type: "bonus", bucket: "bonus", paid: false } as const
    const amountNano = nano(credits(1) + n)
    const input = { owner: { kind: "principal", id } as const, ...terms, amountNano, key }
    const grant = await app.store.write(ctx, (tx) => app.ledger.grantIn(tx, input))
    tell({ kind: "granted", key, amountNano, transactionId: grant.transactionId })
    granted++
    await Bun.sleep(2)
  }
}

/** What an answer about money does: it waits until the replica has all that was told by now. */
async function askForever(): Promise<never> {
  for (;;) {
    const count = granted
    const askedMs = performance.now()
    if ((await app.replica.holds()) === "held") tell({ kind: "held", count, waitedMs: performance.now() - askedMs })
    await Bun.sleep(20)
  }
}

async function tellHealth(): Promise<never> {
  for (;;) {
    const health = app.replica.health()
    if (health) tell({ kind: "health", state: health.state, text: health.text })
    await Bun.sleep(100)
  }
}
void tellHealth()
if (start.mode === "load") {
  for (let worker = 0; worker < 3; worker++) void grantForever(worker)
  void askForever()
}
