// `purser setup-link`: a one-time link that makes whoever opens it an admin. Through the running server, else by the lock.
import { existsSync } from "node:fs"
import { join } from "node:path"
import { readConfig, silentLog } from "../app/index.ts"
import { compose } from "../compose.ts"
import { callControl, lockFolder, OpenError } from "../store/index.ts"
import type { Verb } from "./index.ts"

export const setupLink: Verb = {
  words: "setup-link",
  help: "print a one-time link that makes an admin",
  switches: [],
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
