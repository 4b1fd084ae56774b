// The measured Purser: opens a seeded folder as any server does, and says what it has used when it is asked.
import { silentLog } from "../../src/app/index.ts"
import { compose } from "../../src/compose.ts"
import { say } from "../measure.ts"
import { answerWords, markOf } from "./control.ts"
import { configOf } from "./seed.ts"

export async function server(dataDir: string): Promise<void> {
  const app = await compose(configOf(dataDir), { log: silentLog })
  const listening = await app.listen()
  say({ port: listening.port })
  await answerWords({
    mark: () => markOf({ commits: app.store.stats.commits, writes: app.store.stats.mutations }),
    // The proof of the books that follows a start would be measured otherwise: the read Worker answers in order, also what it cannot.
    async quiet() {
      await app.reads.ask("bench.wait").catch(() => {})
      return {}
    },
  })
  await app.stop()
  say({ stopped: true })
  process.exit(0)
}
