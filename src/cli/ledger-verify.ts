// `purser ledger verify`: proves the books from the file itself; works beside a running server and on a read-only mount.
import { join } from "node:path"
import { readConfig } from "../app/index.ts"
import { type VerifyReport, verify } from "../ledger/index.ts"
import { openReadOnly } from "../store/index.ts"
import { JSON_OPTION, type Verb } from "./verb.ts"

export const ledgerVerify: Verb = {
  words: "ledger verify",
  help: "prove that the books balance",
  about: [
    "Reads the database and proves every promise of the books: sums, balances, lots, holds, the hash chain. It writes nothing and works beside a running server and on a read-only mount.",
  ],
  options: [JSON_OPTION],
  examples: [
    { run: "ledger verify", does: "one line a promise, then the verdict" },
    { run: "ledger verify --json | jq .ok", does: "for a script" },
  ],
  exits: { 1: "the books do not balance, or there is no database" },
  async run(args) {
    const config = readConfig(args.flags, process.env)
    const reader = openReadOnly(join(config.dataDir, "purser.db"))
    const report = reader.snapshot(() => verify(reader))
    reader.close()
    console.log(args.switches.has("json") ? JSON.stringify(report, null, 2) : reportText(report))
    return report.ok ? 0 : 1
  },
}

/** One line per promise, then the verdict. */
function reportText(report: VerifyReport): string {
  const width = Math.max(...report.checks.map((check) => check.name.length))
  const lines = report.checks.flatMap((check) => [
    `${check.violations === 0 ? "ok  " : "FAIL"} ${check.name.padEnd(width)} ${check.checked} checked, ${check.violations} wrong`,
    ...check.examples.map((example) => `       ${example}`),
  ])
  const verdict = report.ok ? "The books balance." : "The books do NOT balance."
  return [...lines, `${verdict} ${report.transactions} transactions, head ${report.head ?? "none"}`].join("\n")
}
