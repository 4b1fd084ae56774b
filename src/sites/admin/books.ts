// /admin/books: the last proof, one more at once, those before, the trial balance, and the whole as a file.
import { AdminBooksPage, type BalanceLine, type BooksRun, Running } from "../../../views/admin/books.tsx"
import { nano, within } from "../../app/index.ts"
import { button } from "../../http/index.ts"
import type { VerificationRun } from "../../ledger/index.ts"
import type { PageRequest } from "../base/index.ts"
import { booksExport } from "./books-export.ts"
import { actorName } from "./people.ts"
import type { AdminDeps, AdminSite } from "./site.ts"
import type { BalanceRow } from "./store-books.ts"

const RUNS_SHOWN = 30
/** Small books are proved before the page that follows would say that they are being proved. */
const WAIT_MS = 800

const VERIFY_FORM = button("Verify now")

export function booksRoutes(site: AdminSite, deps: AdminDeps): void {
  const exported = booksExport(deps.exports)
  site.get("/admin/books", (page) => books(deps, page))
  site.get("/admin/books/progress", (page) => progress(deps, page))
  site.get("/admin/books.jsonl", () => exported(new Date(deps.clock.now()).toISOString().slice(0, 10)))
  site.post("/admin/books/verification", {
    summary: "Prove the books",
    form: VERIFY_FORM,
    async act(page) {
      const run = deps.verification.run(page.ctx("asked on the books page"))
      // What goes wrong later is in the log of the process; the page then shows no new proof.
      const result = await within(
        run.catch(() => null),
        WAIT_MS,
      )
      const isFailed = result === null
      return isFailed
        ? { to: "/admin/books", say: "The books could not be read.", tone: "error" }
        : { to: "/admin/books" }
    },
    back: () => "/admin/books",
  })
}

async function books(deps: AdminDeps, page: PageRequest): Promise<Response> {
  const { ledger, plans, verification } = deps
  const runs = ledger.verifications(RUNS_SHOWN)
  const asked = Number(new URL(page.request.url).searchParams.get("run"))
  const shown = runs.find((run) => run.id === asked) ?? runs[0]
  const rows = await deps.reads.ask<BalanceRow[]>("admin.trial-balance")
  const sum = (mode: "live" | "test") =>
    String(rows.reduce((total, row) => total + (row.mode === mode ? BigInt(row.nano) : 0n), 0n))
  const runRow = (run: VerificationRun): BooksRun => ({ ...run, by: actorName(deps, run.actor) })
  const props = {
    now: deps.clock.now(),
    running: verification.running,
    runs: runs.map(runRow),
    shown: shown && runRow(shown),
    checks: shown ? ledger.checksOfVerification(shown.id) : [],
    balance: LINES.map((line) => balanceLine(rows, line)),
    totals: { live: sum("live"), test: sum("test") },
    freeBudget: { used: nano(ledger.freeBudgetUsed("live")), bound: plans.freeBudgetNano() },
  }
  return page.render((frame) => AdminBooksPage({ frame, ...props }))
}

/** The bar again, or, when it is done, the page anew. */
function progress(deps: AdminDeps, page: PageRequest): Response {
  const { running } = deps.verification
  const headers: Record<string, string> = running ? {} : { "HX-Refresh": "true" }
  return page.render(() => Running(running ?? { done: 1, of: 1, name: "done" }), { headers })
}

interface Line {
  owner: BalanceRow["owner"]
  kind: string
  label: string
  meaning: string
  clearing?: true
}

const LINES: readonly Line[] = [
  ...([
    ["wallet", "Wallets", "Credits that people hold."],
    ["debt", "Debt", "What people owe after money went back."],
    ["pending", "Developers, pending", "Earned, not due yet."],
    ["payable", "Developers, payable", "Earned and due."],
  ].map(([kind, label, meaning]) => ({ owner: "principal", kind, label, meaning })) as Line[]),
  ...([
    ["upstream_payable", "Upstreams", "What providers are owed for calls."],
    ["revenue", "Revenue", "The platform’s part of charges."],
    ["breakage", "Breakage", "Credits that expired."],
    ["promo", "Promo", "Credits given away and refunds borne."],
    ["uncollected", "Uncollected", "Charges above what a wallet had."],
    ["cash", "Cash", "Money received, less money paid out."],
    ["processor_fees", "Processor fees", "What payments cost."],
    ["tax_payable", "Tax", "Collected for the tax office."],
  ].map(([kind, label, meaning]) => ({ owner: "platform", kind, label, meaning })) as Line[]),
  ...([
    ["payouts", "Payouts", "Asked for, not arrived yet."],
    ["disputes", "Disputes", "Taken back by banks, not decided yet."],
    ["sponsor", "Sponsor pools", "Filled by sponsors, not given out yet."],
    ["fx", "Exchange", "Differences of currencies."],
  ].map(([kind, label, meaning]) => ({ owner: "platform", kind, label, meaning, clearing: true })) as Line[]),
]

function balanceLine(rows: readonly BalanceRow[], { owner, kind, ...words }: Line): BalanceLine {
  const of = (mode: "live" | "test") =>
    rows.find((row) => row.mode === mode && row.owner === owner && row.kind === kind)?.nano ?? "0"
  return { ...words, live: of("live"), test: of("test") }
}
