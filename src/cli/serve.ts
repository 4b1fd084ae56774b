// `purser serve`: lock, open, recover, listen; stop gracefully on SIGTERM or SIGINT.
import { type App, compose } from "../app/compose.ts"
import { readConfig } from "../app/index.ts"
import { lockFolder, serveControl } from "../store/index.ts"
import type { Verb } from "./index.ts"
import { VERSION } from "./version.ts"

export const serve: Verb = {
  words: "serve",
  help: "run the server",
  switches: [],
  async run(args) {
    const config = readConfig(args.flags, process.env)
    const lock = lockFolder(config.dataDir)
    try {
      const app = await compose(config)
      const server = await app.listen()
      const control = serveControl(config.dataDir, controlVerbs(app))
      app.log.info("listening", { version: VERSION, url: config.baseUrl, address: server.url, data: config.dataDir })
      if (!app.identity.hasAdmin()) {
        const { url } = await app.identity.createSetupLink({ actor: "cli", requestId: "boot", reason: "first run" })
        console.error(
          `\nPurser runs at ${config.baseUrl}\nMake yourself the admin (works once, for 30 minutes):\n\n  ${url}\n`,
        )
      }
      await stopSignal()
      app.log.info("stopping", { drainMs: config.drainMs })
      await control.stop()
      await app.stop()
      app.log.info("stopped")
      return 0
    } finally {
      lock.release()
    }
  },
}

/** Verbs that other processes may ask of the running server. */
export const controlVerbs = (app: App) => ({
  "setup-link": () =>
    app.identity.createSetupLink({ actor: "cli", requestId: app.ids.next("req"), reason: "asked on the command line" }),
  "ledger-verify": () => app.reads.ask("ledger.verify"),
})

/** Resolves at the first stop signal; a second one ends the process at once. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false
    const stop = () => {
      if (asked) process.exit(1)
      asked = true
      resolve()
    }
    process.on("SIGTERM", stop)
    process.on("SIGINT", stop)
  })
}
