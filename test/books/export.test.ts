// Export and import lose nothing: random books → file → fresh database → the same file and the same rows, projections included.
// A file that was cut or changed anywhere is refused at its line, and nothing of it is kept.
import { afterEach, expect, test } from "bun:test"
import { VirtualClock } from "../../src/app/index.ts"
import { exportBooks, ImportError, importBooksIn, verify } from "../../src/ledger/index.ts"
import { openTestStore, type Store, testCtx } from "../../src/store/index.ts"
import type { Machine } from "../simulator/machine.ts"
import { randomBooks } from "./random-books.ts"

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function books(seed: number, steps: number): Promise<{ machine: Machine; text: string; lines: string[] }> {
  const machine = await randomBooks(seed, steps)
  closing.push(() => machine.stop())
  const text = [...exportBooks(machine.store.read)].join("")
  return { machine, text, lines: text.trimEnd().split("\n") }
}

async function fresh(nowMs: number): Promise<Store> {
  const { store, close } = await openTestStore({ clock: new VirtualClock(nowMs) })
  closing.push(close)
  return store
}

/** Tables of the ledger; not days of charges, which are folded anew: by less detail, and through another id. */
const TABLES = [
  "accounts",
  "lots",
  "open_holds",
  "charges",
  "charge_lots",
  "transactions",
  "entries",
  "claims",
  "free_budget_day",
  "corrections",
  "clawed_calls",
  "claw_repays",
  "earning_days",
  "earning_takes",
  "earning_maturities",
  "payouts",
]

/** Every row, but for what other domains own and the file leaves out. */
const rowsOf = (store: Store): Record<string, unknown[]> =>
  Object.fromEntries(
    TABLES.map((table) => {
      const rows = store.read.all<Record<string, unknown>>(`SELECT * FROM ${table}`)
      return [table, rows.map(({ route_id: _, key_id: __, ...row }) => row)]
    }),
  )

/** The verdict; how many days were looked at is another number after an import. */
const verdict = (store: Store) => {
  const { checks, ok, head, transactions } = verify(store.read)
  return {
    ok,
    head,
    transactions,
    checks: checks.map(({ name, violations, examples }) => ({ name, violations, examples })),
  }
}

const importInto = (store: Store, lines: Iterable<string>) => store.write(testCtx, (tx) => importBooksIn(tx, lines))

async function refusal(store: Store, lines: Iterable<string>): Promise<ImportError> {
  const error = await importInto(store, lines).catch((error: unknown) => error)
  if (!(error instanceof ImportError)) throw error
  return error
}

for (const seed of [1, 2, 3]) {
  test(`random books come back row by row, seed ${seed}`, async () => {
    const { machine, text, lines } = await books(seed, 1_500)
    const kinds = new Set(lines.map((line) => (JSON.parse(line) as { line: string }).line))
    expect([...kinds].sort()).toEqual(["account", "books", "charge", "correction", "end", "hold", "transaction"])
    const store = await fresh(machine.clock.now() + 1)
    const imported = await importInto(store, lines)
    const report = verdict(machine.store)
    expect(imported).toMatchObject({ transactions: report.transactions, head: report.head, lines: lines.length })
    expect(rowsOf(store)).toEqual(rowsOf(machine.store))
    expect([...exportBooks(store.read)].join("")).toBe(text)
    expect(verdict(store)).toEqual(report)
  }, 60_000)
}

test("books without a transaction are books too", async () => {
  const empty = await fresh(1)
  const text = [...exportBooks(empty.read)].join("")
  expect(text.trimEnd().split("\n").length).toBe(2)
  expect((await importInto(await fresh(1), text.trimEnd().split("\n"))).transactions).toBe(0)
})

test("a file that was cut or changed is refused at its line, and nothing of it is kept", async () => {
  const { machine, lines } = await books(4, 300)
  const store = await fresh(machine.clock.now() + 1)
  const before = rowsOf(store)
  const middle = Math.floor(lines.length / 2)
  const without = (index: number) => lines.filter((_, at) => at !== index)
  const changed = (index: number, from: string | RegExp, to: string) =>
    lines.with(index, lines[index]!.replace(from, to))
  const posted = (kind: string, word: string) =>
    lines.findIndex((line, at) => at > middle && line.includes(`"line":"${kind}"`) && line.includes(word))
  const worded = posted("transaction", "simulat")
  const detailed = posted("charge", '"latencyMs":')
  const swapped = lines.with(middle, lines[middle + 1]!).with(middle + 1, lines[middle]!)
  const cases: [name: string, lines: string[], line: number][] = [
    ["a line is missing", without(middle), middle + 1],
    ["the first line is missing", lines.slice(1), 1],
    ["the end is missing", lines.slice(0, -1), lines.length - 1],
    ["the second half is missing", lines.slice(0, middle), middle],
    ["cut in the middle of a line", [...lines.slice(0, middle), lines[middle]!.slice(0, -20)], middle + 1],
    ["two lines are swapped", swapped, middle + 1],
    ["a line twice", lines.toSpliced(middle, 0, lines[middle]!), middle + 2],
    ["a mode is another", changed(middle, /"mode":"(live|test)"/, '"mode":"life"'), middle + 1],
    ["a word is another", changed(worded, "simulat", "falsify"), worded + 1],
    ["a detail of a call is another", changed(detailed, '"latencyMs":', '"latencyMs":1'), detailed + 1],
    ["more after the end", [...lines, lines[1]!], lines.length + 1],
  ]
  for (const [name, text, line] of cases) expect([name, (await refusal(store, text)).line]).toEqual([name, line])
  expect((await refusal(store, [])).message).toContain("empty")
  expect(rowsOf(store)).toEqual(before)
  // The same database takes the whole file afterwards, and then no other.
  await importInto(store, lines)
  const kept = rowsOf(store)
  expect(importInto(store, lines)).rejects.toMatchObject({ code: "conflict" })
  expect(rowsOf(store)).toEqual(kept)
}, 60_000)

test("a forger who writes the checksums anew is stopped by the chain, the names, or the proof", async () => {
  const { machine, lines } = await books(5, 300)
  const store = await fresh(machine.clock.now() + 1)
  const before = rowsOf(store)
  const at = (kind: string, word: string) =>
    lines.findIndex((line) => line.includes(`"line":"${kind}"`) && line.includes(word))
  const forged = (index: number, change: (row: Record<string, never>) => void) => {
    const rows = lines.map((line) => JSON.parse(line) as Record<string, never>)
    change(rows[index]!)
    let sum = ""
    return rows.map((row) => {
      const { sum: _, ...rest } = row as Record<string, unknown>
      const body = JSON.stringify(rest)
      sum = new Bun.CryptoHasher("sha256").update(sum).update(body).digest("hex").slice(0, 32)
      return `${body.slice(0, -1)},"sum":"${sum}"}`
    })
  }
  const charge = at("charge", '"lots":[{')
  const refund = at("transaction", '"type":"refund"')
  const grant = at("transaction", '"lot":{')
  type Row = {
    entries: { nano: number; owner: number }[]
    lot: { grantedNano: number }
    lots: { nano: number }[]
    owner: number
  }
  const as = (row: unknown) => row as Row
  const cases: [
    name: string,
    index: number,
    change: (row: Record<string, never>) => void,
    line: number | null,
    reason: string,
  ][] = [
    ["a part of a charge", charge, (row) => void as(row).lots[0]!.nano--, charge + 1, "hash does not follow"],
    ["the owner of a charge", charge, (row) => void as(row).owner++, charge + 1, "of owner"],
    ["an entry", refund, (row) => void as(row).entries[0]!.nano--, refund + 1, "hash does not follow"],
    ["the owner of an entry", refund, (row) => void as(row).entries[0]!.owner++, refund + 1, "of owner"],
    ["the terms of a lot", grant, (row) => void as(row).lot.grantedNano++, null, "do not balance"],
  ]
  for (const [name, index, change, line, reason] of cases) {
    const error = await refusal(store, forged(index, change))
    expect([name, error.line, error.reason]).toEqual([name, line, expect.stringContaining(reason)])
  }
  expect(rowsOf(store)).toEqual(before)
}, 60_000)

test("books of the future are refused: the next posting would stand before them", async () => {
  const { machine, lines } = await books(6, 200)
  const store = await fresh(machine.clock.now() - 400 * 86_400_000)
  expect((await refusal(store, lines)).reason).toContain("set the clock")
})
