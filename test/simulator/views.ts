// The views that show both halves of the books in one form, against their arms as `links.ts` makes them.
import type { Reader } from "../../src/store/index.ts"
import { same } from "./difference.ts"
import type { Link } from "./links.ts"

const ENTRY = `transaction_id AS "transaction", seq, account_id AS account, amount_nano AS amount, lot_id AS lot,
  CAST(balance_after_nano AS TEXT) AS after`
const LINK = `id, public_id AS publicId, type, mode, at_ms AS at, key, reverses, charge_id AS charge, lower(hex(hash)) AS hash`

const plain = ({ id, publicId, type, mode, at, key, reverses, charge, hash }: Link) => ({
  id,
  publicId,
  type,
  mode,
  at,
  key,
  reverses,
  charge,
  hash,
})
const entriesOf = (link: Link) =>
  link.entries.map(({ seq, account, amount, lot, after }) => ({
    transaction: link.id,
    seq,
    account,
    amount,
    lot,
    after,
  }))

/** One link, found by its id as pages find it. */
export function compareLinkViews(read: Reader, link: Link): void {
  const { id } = link
  same(`the view of transaction ${id}`, read.get(`SELECT ${LINK} FROM v_transactions WHERE id = ?`, id), plain(link))
  const entries = entriesOf(link)
  const shown = read.all(`SELECT ${ENTRY} FROM v_entries WHERE transaction_id = ? ORDER BY seq`, id)
  same(`the view of the entries of ${id}`, shown, entries)
}

export function compareViews(read: Reader, links: Link[]): void {
  same("the view of transactions", read.all(`SELECT ${LINK} FROM v_transactions ORDER BY id`), links.map(plain))
  const entries = links.flatMap(entriesOf)
  const order = "ORDER BY transaction_id, seq"
  same("the view of entries", read.all(`SELECT ${ENTRY} FROM v_entries ${order}`), entries)
  const wallets = entries.filter((entry) => entry.lot !== null)
  same("the view of wallets' entries", read.all(`SELECT ${ENTRY} FROM v_wallet_entries ${order}`), wallets)
}
