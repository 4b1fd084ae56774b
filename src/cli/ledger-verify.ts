// `purser ledger verify`: proves the books from the file itself; works beside a running server and on a read-only mount.
import { join } from "node:path"
import { readConfig } from "../app/index.ts"
import { type VerifyReport, verify } from "../ledger/index.ts"
import { openReadOnly } from "../store/index.ts"
import type { Verb } from "./index.ts"

export const ledgerVerify: Verb = {
  words: "ledger verify",
  help: "prove that the books balance",
  switches: ["json"],
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
export function reportText(report: VerifyReport): string {
  const width = Math.max(...report.checks.map((check) => check.name.length))
  const lines = report.checks.flatMap((check) => [
    `${check.violations === 0 ? "ok  " : "FAIL"} ${check.name.padEnd(width)} ${check.checked} checked, ${check.violations} wrong`,
    ...check.examples.map((example) => `       ${example}`),
  ])
  const verdict = report.ok ? "The books balance." : "The books do NOT balance."
  return [...lines, `${verdict} ${report.transactions} transactions, head ${report.head ?? "none"}`].join("\n")
}
