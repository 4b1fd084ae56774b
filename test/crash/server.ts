// The server that gets killed: composed as `purser serve` composes it, with a sandbox slow enough to be met in mid-stream and a
// grant load of its own. Tells what it did in lines of JSON, written before anything else happens.
import { writeSync } from "node:fs"
import { credits, nano, PrincipalId, readConfig, silentLog } from "../../src/app/index.ts"
import { compose } from "../../src/compose.ts"
import { lockFolder } from "../../src/store/index.ts"
import { type ChildLine, GRANT_WORKERS, type Start } from "./protocol.ts"

const start = JSON.parse(process.argv[2] ?? "") as Start
const tell = (line: ChildLine) => writeSync(1, `${JSON.stringify(line)}\n`)

const config = readConfig({ port: "0", "data-dir": start.dataDir, "base-url": start.baseUrl }, {}, true)
lockFolder(config.dataDir)
const app = await compose(config, { log: silentLog, sandboxWordMs: start.wordMs })
const openHolds = () => app.store.read.get<{ open: number }>("SELECT COUNT(*) AS open FROM open_holds")?.open ?? -1

tell({ kind: "opened", holdsLeft: openHolds() })
// The proxy of an answer: nothing can be served before `listen` has made its listener, and the count is taken in that moment.
const server = await app.listen()
tell({ kind: "listening", url: server.url, holdsLeft: openHolds() })

/** Grants one after the other; each is told only after its promise, which is after its durable commit. */
async function grantForever(worker: number): Promise<never> {
  for (let n = 0; ; n++) {
    const key = `crash:${start.round}:${worker}:${n}`
    const owner = {
      kind: "principal",
      id: PrincipalId(start.granteeIds[(worker + n) % start.granteeIds.length]!),
    } as const
    const ctx = { actor: "cli", requestId: `req_${key}`, reason: "crash test" }
    const terms = { mode: "live", type: "bonus", bucket: "bonus", paid: false } as const
    const input = { owner, ...terms, amountNano: nano(credits(1) + n), key }
    const grant = await app.store.write(ctx, (tx) => app.ledger.grantIn(tx, input))
    tell({ kind: "granted", key, amountNano: credits(1) + n, transactionId: grant.transactionId })
    await Bun.sleep(2)
  }
}
for (let worker = 0; worker < GRANT_WORKERS; worker++) void grantForever(worker)
