// The writer's memory held against the rows it stands for. For tests and the simulator: what differs would be spent wrongly long
// before the books show it. Asked inside a mutation, before it writes anything.
import { ClientId, dayOf, type HoldId, PrincipalId } from "../../app/index.ts"
import type { Tx } from "../../store/index.ts"
import { hex } from "../books/chain.ts"
import { booksOf, type WalletEntry } from "../books/memory.ts"
import {
  lastHoldId,
  lastLink,
  openHoldsOf,
  openHoldsWhere,
  unspentLotRows,
  walletOwner,
} from "../books/store-memory.ts"
import type { LotState, OpenHold } from "../books/types.ts"
import { foldedThrough, usedOfApp } from "../charges/store.ts"
import { accountOf } from "./store-memory.ts"

/** @returns what is remembered otherwise than it stands in the rows; none when the memory is true */
export function memoryDifferences(tx: Tx): string[] {
  const known = booksOf(tx).remembered()
  const found: string[] = []
  const compare = (name: string, remembered: unknown, row: unknown) => {
    const [has, is] = [JSON.stringify(remembered), JSON.stringify(row)]
    if (has !== is) found.push(`${name}: remembered ${has}, is ${is}`)
  }
  for (const wallet of known.wallets) compareWallet(tx, wallet, compare)
  for (const [accountId, holds] of known.openHolds ?? []) {
    compare(`holds of ${accountId}`, heldRows(holds), openHoldsOf(tx, accountId).map(plain))
  }
  if (known.openHolds) {
    for (const { accountId } of openHoldsWhere(tx, "account_id >", 0)) {
      const isKnown = known.openHolds.has(accountId) || known.unknownHolds.has(accountId)
      compare(`holds of ${accountId} are known`, isKnown, true)
    }
  }
  for (const [key, id] of known.accounts) compare(`account ${key}`, id, accountOf(tx, key))
  if (known.link) {
    const row = lastLink(tx)
    const link = row && { id: row.id, hash: hex(row.hash) }
    compare("link", known.link, link ?? { id: 0, hash: known.link.hash })
  }
  if (known.foldedThrough !== null) compare("folded through", known.foldedThrough, foldedThrough(tx))
  if (known.holdId !== null && known.holdId < lastHoldId(tx)) compare("hold id", known.holdId, lastHoldId(tx))
  return found
}

type Compare = (name: string, remembered: unknown, row: unknown) => void

function compareWallet(tx: Tx, wallet: WalletEntry, compare: Compare): void {
  const name = `wallet ${wallet.id}`
  const { id, ownerId, mode, debtNano, hasOwed } = wallet
  compare(name, { id, ownerId, mode, debtNano, hasOwed }, walletOwner(tx, id))
  const holds = openHoldsOf(tx, id)
  compare(`${name} holds`, heldRows(wallet.holds), holds.map(plain))
  const lots = unspentLotRows(tx, id).map((lot) => ({ ...lot, heldNano: heldOf(holds, lot.id) }))
  if (wallet.lots) compare(`${name} lots`, inOrder(wallet.lots), inOrder(lots))
  compare(
    `${name} booked`,
    wallet.bookedNano,
    lots.reduce((sum, lot) => sum + lot.remainingNano, 0),
  )
  for (const [key, usedNano] of wallet.used) {
    const { day, ...of } = usedKey(key)
    compare(`${name} used ${key}`, usedNano, usedOfApp(tx, id, of, day, dayOf(tx.now)))
  }
}

const heldRows = (holds: ReadonlyMap<HoldId, OpenHold>) => [...holds.values()].sort((a, b) => a.id - b.id).map(plain)

const heldOf = (holds: ReturnType<typeof openHoldsOf>, lotId: number): number =>
  holds.flatMap((hold) => hold.parts).reduce((sum, part) => sum + (part.lotId === lotId ? part.amountNano : 0), 0)

const inOrder = (lots: readonly LotState[]) => [...lots].sort((a, b) => a.id - b.id).map(plain)

/** The same text for the same fields, whatever order they were written in. */
const plain = (row: object) => Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))

/** As `charges/used.ts` writes it; a scope may have any character. */
function usedKey(key: string) {
  const [, client, scope, day, caller] = /^(\d+) (.*) (-?\d+) (\d+)$/s.exec(key)!
  return { clientId: ClientId(Number(client)), callerId: PrincipalId(Number(caller)), scope: scope!, day: Number(day) }
}
