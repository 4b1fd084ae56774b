// Bugs of the chain and of the views that show both halves of the books as one.
import { both, columnsIn, type Mutant, memory, parameter, statements, view } from "./mutant.ts"

const CHARGE_OF_CALL = /FROM charges WHERE call_id = \?/

type Lots = [unknown, unknown][]

/**
 * A chain that goes on from what a charge's row says, with some of its fields changed before they are hashed: right by itself.
 * @param change gets what is hashed: [prev, id, call, "usage", mode, at, account, lots, charge, upstream, developer, collected, pending,
 *   earned, promo]; null: not this time
 */
function hashed(name: string, change: (fields: unknown[]) => unknown[] | null): Mutant {
  let last = ""
  let replaced: Uint8Array | null = null
  const remember = memory("", (books) => {
    const { lastLink, setLink } = books
    books.lastLink = (tx) => {
      const link = lastLink.call(books, tx)
      last = link.hash
      return link
    }
    books.setLink = (id, hash) => {
      setLink.call(books, id, replaced ?? hash)
      replaced = null
    }
  })
  const write = statements(name, (one) => {
    const columns = columnsIn(one.sql, "charges")
    if (columns.length === 0) return one
    const of = (column: string) => one.params[columns.indexOf(column)]
    const lots: Lots = of("lot_id") === null ? [] : [[of("lot_id"), of("collected_nano")]]
    if (lots.length === 0 && of("collected_nano") !== 0) return one
    const money = ["charge_nano", "upstream_nano", "developer_nano", "collected_nano", "pending_id", "earned_nano"]
    const opaque = [of("id"), of("call_id"), "usage", of("mode"), of("at_ms"), of("account_id")]
    const changed = change([last, ...opaque, lots, ...money.map(of), of("promo_earned_nano")])
    if (!changed) return one
    replaced = Bun.SHA256.hash(JSON.stringify(changed)) as Uint8Array
    return { ...one, params: one.params.with(columns.indexOf("hash"), replaced) }
  })
  return both(write, remember)
}

export const CHAIN_MUTANTS: (() => Mutant)[] = [
  () =>
    memory("chain-starts-anew", (books, hit) => {
      const { lastLink } = books
      books.lastLink = (tx) => {
        hit()
        return { ...lastLink.call(books, tx), hash: "0".repeat(64) }
      }
    }),
  () =>
    statements("chain-of-two-sequences", (one, tx) => {
      const at = columnsIn(one.sql, "charges").indexOf("id")
      if (at < 0) return one
      const { id } = tx.get<{ id: number }>("SELECT COALESCE(MAX(id), 0) + 1 AS id FROM charges")!
      return id === one.params[at] ? one : { ...one, params: one.params.with(at, id) }
    }),
  () => hashed("chain-without-lots", (fields) => ((fields.at(7) as Lots).length > 0 ? fields.with(7, []) : null)),
  () => hashed("chain-without-who-earned", (fields) => (fields.at(12) === null ? null : fields.with(12, null))),
  () => hashed("chain-without-what-was-collected", (fields) => fields.toSpliced(11, 1)),
  () => parameter("already-answers-nothing", CHARGE_OF_CALL, 0, () => "req_unheard_of"),
  () =>
    statements("already-answers-for-another", (one) =>
      CHARGE_OF_CALL.test(one.sql)
        ? { ...one, sql: one.sql.replace("call_id = ?", "call_id <> ? ORDER BY id DESC LIMIT 1") }
        : one,
    ),
  () => view("view-lots-from-one", "v_wallet_entries", "c.id, l.seq,", "c.id, l.seq + 1,"),
  () => view("view-lots-all-at-once", "v_wallet_entries", "AND k.seq > l.seq", ""),
  () => view("view-amount-of-the-whole", "v_entries", "-l.amount_nano", "-c.collected_nano"),
  () => view("view-forgets-uncollected", "v_entries", "charge_nano > collected_nano", "charge_nano > charge_nano"),
  () =>
    view(
      "view-earned-is-revenue",
      "v_entries",
      "WHERE charge_nano > upstream_nano + earned_nano",
      "WHERE charge_nano > upstream_nano",
    ),
  () => view("view-charge-of-itself", "v_transactions", "'call', NULL, NULL, id,", "'call', NULL, NULL, NULL,"),
  () => view("view-lots-of-holds", "v_open_hold_lots", "j.key,", "-j.key,"),
]
