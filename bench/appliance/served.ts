// Processes of the run: the measured server, the store, the collector.
import { createLog, readConfig, silentLog } from "../../src/app/index.ts"
import { compose } from "../../src/compose.ts"
import { startS3 } from "../../test/replica/kit.ts"
import { answerWords, markOf } from "../gateway/control.ts"
import { say } from "../measure.ts"
import type { Variant } from "./variants.ts"

export async function server(dataDir: string, { env, log }: Variant): Promise<void> {
  const flags = { port: "0", "data-dir": dataDir, "base-url": "http://localhost:8080" }
  const app = await compose(readConfig(flags, env, true), {
    log: log ? createLog({ level: "info", format: "json" }) : silentLog,
  })
  const listening = await app.listen()
  say({ port: listening.port })
  await answerWords({
    mark: () => markOf({ commits: app.store.stats.commits, writes: app.store.stats.mutations }),
    // The proof of the books that follows a start would be measured otherwise, and the first whole copy.
    async quiet() {
      await app.reads.ask("bench.wait").catch(() => {})
      while (app.replica.health()?.text.startsWith("the first") || (await app.replica.holds(60_000)) === "late")
        await Bun.sleep(50)
      return {}
    },
  })
  await app.stop()
  say({ stopped: true })
  process.exit(0)
}

export async function store(): Promise<void> {
  const s3 = startS3()
  say({ endpoint: s3.endpoint })
  await answerWords()
  process.exit(0)
}

export async function collector(): Promise<void> {
  let bytes = 0
  const { port } = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      bytes += (await request.arrayBuffer()).byteLength
      return new Response("{}")
    },
  })
  say({ url: `http://127.0.0.1:${port}` })
  await answerWords({ bytes: () => ({ bytes }) })
  process.exit(0)
}

/** An empty folder with every table, for rows. */
export async function empty(dataDir: string): Promise<void> {
  const flags = { port: "0", "data-dir": dataDir, "base-url": "http://localhost:8080" }
  const app = await compose(readConfig(flags, {}, true), { log: silentLog })
  await app.stop()
  say({ made: true })
  process.exit(0)
}
