// `purser setup-link`: a one-time link that makes whoever opens it an admin. Through the running server, else by the lock.
import { readConfig } from "../app/index.ts"
import type { Verb } from "./verb.ts"
import { askPurser } from "./with-app.ts"

export const setupLink: Verb = {
  words: "setup-link",
  help: "print a one-time link that makes an admin",
  about: [
    "Prints a link that works once, for 30 minutes, and makes whoever opens it an admin: with a new account, or with the one they are signed in to. A new link ends earlier ones.",
    "It asks the running server, or writes to the data folder when none runs. For somebody who is an admin and cannot sign in, see `purser admin login-link`.",
  ],
  examples: [{ run: "setup-link --data-dir /var/lib/purser", does: "for the data of a server that runs there" }],
  exits: { 1: "there is no database in the data folder, or it cannot be written" },
  async run({ flags }) {
    const { result, isRunning } = await askPurser(readConfig(flags, process.env), "setup-link")
    console.log((result as { url: string }).url)
    if (!isRunning) console.log("Start the server to open it; it works once, for 30 minutes.")
    return 0
  },
}
