// `purser ledger export`: the books as one JSON line per charge or transaction, of one moment, beside a running server or on a
// read-only mount.
import { join } from "node:path"
import { readConfig } from "../app/index.ts"
import { exportBooks } from "../ledger/index.ts"
import { openReadOnly } from "../store/index.ts"
import { gathered, writeWhole } from "./files.ts"
import type { Verb } from "./index.ts"

export const ledgerExport: Verb = {
  words: "ledger export",
  help: "write the books, one JSON line per charge or transaction (--out FILE; default: standard output)",
  switches: [],
  async run(args) {
    const { out, ...settings } = args.flags
    const reader = openReadOnly(join(readConfig(settings, process.env).dataDir, "purser.db"))
    try {
      return await reader.snapshot(() =>
        out === undefined ? toStdout(exportBooks(reader)) : toFile(out, exportBooks(reader)),
      )
    } finally {
      reader.close()
    }
  },
}

async function toFile(path: string, lines: Iterable<string>): Promise<number> {
  console.error(`${writeWhole(path, lines)} lines in ${path}`)
  return 0
}

/** Waits for whoever reads, so that a slow pipe does not gather the books in memory. */
async function toStdout(lines: Iterable<string>): Promise<number> {
  const sink = Bun.stdout.writer()
  for (const { text } of gathered(lines)) {
    sink.write(text)
    await sink.flush()
  }
  await sink.end()
  return 0
}
