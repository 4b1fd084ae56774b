// `purser setup-link`: a one-time link that makes whoever opens it an admin. Through the running server, else by the lock.
import { existsSync } from "node:fs"
import { join } from "node:path"
import { readConfig, silentLog } from "../app/index.ts"
import { compose } from "../compose.ts"
import { callControl, lockFolder, OpenError } from "../store/index.ts"
import type { Verb } from "./verb.ts"

export const setupLink: Verb = {
  words: "setup-link",
  help: "print a one-time link that makes an admin",
  about: [
    "Prints a link that works once, for 30 minutes, and makes whoever opens it an admin: with a new account, or with the one they are signed in to. A new link ends earlier ones.",
    "It asks the running server, or writes to the data folder when none runs. For somebody who is an admin and cannot sign in, see `purser admin login-link`.",
  ],
  examples: [{ run: "setup-link --data-dir /var/lib/purser", does: "for the data of a server that runs there" }],
  exits: { 1: "there is no database in the data folder, or it cannot be written" },
  async run(args) {
    const config = readConfig(args.flags, process.env)
    const asked = await callControl(config.dataDir, "setup-link", {})
    if (asked) {
      console.log((asked.result as { url: string }).url)
      return 0
    }
    // A mistyped folder must not become a new, empty Purser; the first start prints a link by itself.
    if (!existsSync(join(config.dataDir, "purser.db")))
      throw new OpenError(`there is no database in ${config.dataDir}; check --data-dir, or start the server first`)
    const lock = lockFolder(config.dataDir)
    try {
      const app = await compose(config, { log: silentLog })
      const { url } = await app.identity.createSetupLink({
        actor: "cli",
        requestId: app.ids.next("req"),
        reason: "asked on the command line",
      })
      console.log(`${url}\nStart the server to open it; it works once, for 30 minutes.`)
      await app.stop()
      return 0
    } finally {
      lock.release()
    }
  },
}
