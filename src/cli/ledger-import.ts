// `purser ledger import FILE`: books from an export into a data folder that has none. All of it is proved, then kept, or nothing is.
import { join } from "node:path"
import { readConfig } from "../app/index.ts"
import { reservePrincipalsIn } from "../identity/index.ts"
import { importBooksIn } from "../ledger/index.ts"
import { lockFolder, openStore } from "../store/index.ts"
import { linesOf } from "./files.ts"
import type { Verb } from "./verb.ts"

export const ledgerImport: Verb = {
  words: "ledger import",
  help: "read an export into an empty data folder",
  about: [
    "Reads an export into a data folder that has no books yet, and proves them before anything is kept: all of it is there afterwards, or nothing.",
  ],
  operands: "FILE",
  examples: [{ run: "ledger import books.jsonl --data-dir ./new", does: "into a new data folder" }],
  exits: { 1: "the file is no whole export, or the folder has books already; nothing was changed", 3: "a server runs" },
  async run(args) {
    const path = args.words[0]!
    const { dataDir } = readConfig(args.flags, process.env)
    const lock = lockFolder(dataDir)
    try {
      const store = openStore(join(dataDir, "purser.db"))
      try {
        const ctx = { actor: "cli", requestId: "cli", reason: "import of the books" }
        const imported = await store.write(ctx, (tx) => {
          const found = importBooksIn(tx, linesOf(path))
          reservePrincipalsIn(tx, found.ownerIds)
          return found
        })
        console.log(
          `${imported.transactions} transactions imported, and the books balance. head ${imported.head ?? "none"}`,
        )
        return 0
      } finally {
        await store.close()
      }
    } finally {
      lock.release()
    }
  },
}
