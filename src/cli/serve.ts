// `purser serve`: lock, open, recover, listen; stop gracefully on SIGTERM or SIGINT.

import { type Config, readConfig, VERSION } from "../app/index.ts"
import { type App, compose } from "../compose.ts"
import { lockFolder, serveControl } from "../store/index.ts"
import type { Verb } from "./index.ts"

/** The address cannot be had; the message says why and what to do. */
export class ListenError extends Error {
  override name = "ListenError"
}

export const serve: Verb = {
  words: "serve",
  help: "run the server",
  switches: [],
  async run(args) {
    const config = readConfig(args.flags, process.env)
    const lock = lockFolder(config.dataDir)
    try {
      const app = await compose(config)
      // From the first answered request on, a stop is an orderly one.
      const asked = stopSignal()
      const server = await app.listen().catch((error: unknown) => {
        throw asListenError(error, config)
      })
      const control = serveControl(config.dataDir, controlVerbs(app))
      app.log.info("listening", { version: VERSION, url: config.baseUrl, address: server.url, data: config.dataDir })
      if (!app.identity.hasAdmin()) {
        const { url } = await app.identity.createSetupLink({ actor: "cli", requestId: "boot", reason: "first run" })
        console.error(
          `\nPurser runs at ${config.baseUrl}\nMake yourself the admin (works once, for 30 minutes):\n\n  ${url}\n`,
        )
      }
      await asked
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

function asListenError(error: unknown, { host, port }: Config): unknown {
  const { code, syscall } = error as { code?: string; syscall?: string }
  if (syscall !== "listen") return error
  if (code === "EADDRINUSE")
    return new ListenError(`port ${port} on ${host} is taken by another program; stop it, or set another --port`)
  if (code === "EACCES")
    return new ListenError(`this user may not listen on port ${port}; set a --port of 1024 or higher`)
  return new ListenError(`cannot listen on "${host}" port ${port} (${code}); set --host to an address of this machine`)
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
