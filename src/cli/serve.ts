// `purser serve`: lock, open, recover, listen; stop gracefully on SIGTERM or SIGINT.

import { type Config, mistypedVariables, readConfig, VERSION } from "../app/index.ts"
import { type App, compose } from "../compose.ts"
import { lockFolder, serveControl } from "../store/index.ts"
import { controlVerbs } from "./control.ts"
import type { Verb } from "./verb.ts"

export const serve: Verb = {
  words: "serve",
  help: "run the server",
  about: [
    "Opens the data folder (or makes it), brings the database to the newest schema, resolves what a dead process left, and listens. While nobody is the admin it prints a one-time link that makes one.",
    "SIGTERM and SIGINT stop it in order: streams end or are settled within --drain-seconds, the database is closed, and the exit code is 0. A second signal ends it at once.",
  ],
  examples: [
    { run: "serve", does: "on http://localhost:8080, with its data in ./data" },
    {
      run: "serve --base-url https://ai.example.com --data-dir /var/lib/purser",
      does: "behind a proxy that ends TLS for ai.example.com",
    },
  ],
  exits: {
    1: "the port, the key file or the database cannot be used; nothing was changed",
    2: "settings are not right, or belong to another data folder",
    3: "another Purser serves this data folder",
    4: "the database was written by a newer Purser; start that one, or go back with `purser migrate back`",
    5: "another server has taken over the replica: this data is out of date and must not be served",
  },
  async run(args) {
    const config = readConfig(args.flags, process.env)
    for (const words of mistypedVariables(process.env)) console.error(`purser: ${words}`)
    const lock = lockFolder(config.dataDir)
    try {
      // From the first answered request on, a stop is an orderly one.
      return await serveHere(config, await compose(config), stopSignal())
    } finally {
      lock.release()
    }
  },
}

/**
 * Serves until it is asked to stop.
 * @param told called once it listens
 */
export async function serveHere(
  config: Config,
  app: App,
  asked: Promise<void>,
  told: (url: string) => void = () => {},
): Promise<number> {
  const server = await app.listen()
  const control = serveControl(config.dataDir, controlVerbs(app))
  app.log.info("listening", { version: VERSION, url: config.baseUrl, address: server.url, data: config.dataDir })
  told(server.url)
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
}

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
