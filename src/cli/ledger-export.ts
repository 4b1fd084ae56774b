// `purser ledger export`: the books as one JSON line per charge or transaction, of one moment, beside a running server or on a
// read-only mount.
import { join } from "node:path"
import { readConfig } from "../app/index.ts"
import { exportBooks } from "../ledger/index.ts"
import { openReadOnly } from "../store/index.ts"
import { gathered, writeWhole } from "./files.ts"
import type { Verb } from "./verb.ts"

export const ledgerExport: Verb = {
  words: "ledger export",
  help: "write the books, one JSON line per charge or transaction",
  about: [
    "Writes the books of one moment, one JSON line per charge or transaction, to a file or to standard output. It reads only, beside a running server too.",
  ],
  options: [{ name: "out", value: "FILE", help: "write to this file, which must not be there yet" }],
  examples: [
    { run: "ledger export --out books.jsonl", does: "whole, or not at all" },
    { run: "ledger export | gzip > books.jsonl.gz", does: "to another program" },
  ],
  exits: { 1: "there is no database, or the file cannot be written" },
  async run(args) {
    const { out } = args.options
    const reader = openReadOnly(join(readConfig(args.flags, process.env).dataDir, "purser.db"))
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
