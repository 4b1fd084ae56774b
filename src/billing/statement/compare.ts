// What the processor says against what the books say: by kind for a period, and object by object over all time, so that what is told on
// one side of midnight here and on the other there is no difference.
import { nano, type UserId } from "../../app/index.ts"
import { type MoneyMove, readMoneyDays, readMoneyIn, readMoneyMoves, readMoneyOfKey } from "../../ledger/index.ts"
import type { Reader } from "../../store/index.ts"
import { connectionRow } from "../connection/index.ts"
import { BILLING_LIMITS } from "../limits.ts"
import { categoryOf, categoryOfRef, isBank, isCompared, isFee, refOfKey } from "./rules.ts"
import {
  isByHand,
  movementsIn,
  movementsOfSource,
  ownerOf,
  paidFor,
  paymentOf,
  sourcesOfInvoice,
  sourcesOfOrder,
} from "./store.ts"
import type { Category, Comparison, ComparisonInput, Difference, MovementRow } from "./types.ts"

const NANO_PER_CENT = 10_000_000n
const ORDER = "order:"
const CATEGORIES: readonly Category[] = ["payments", "refunds", "disputes", "other"]

/** Both sides of one object, within the period and over all time. */
interface Pair {
  ref: string
  category: Category
  movements: MovementRow[]
  moves: MoneyMove[]
}

/** Some ten statements an object: for the read Worker. */
export function compare(reader: Reader, { fromMs, toMs, nowMs }: ComparisonInput): Comparison {
  const all = movementsIn(reader, fromMs, toMs)
  const ours = all.filter(({ isOurs }) => isOurs)
  const compared = ours.filter(({ type }) => isCompared(type))
  const moves = readMoneyMoves(reader, { mode: "live", fromMs, toMs })
  const pairs = pairsOf(reader, compared, moves)
  const { readThroughMs } = connectionRow(reader)
  const edges = { nowMs, readThroughMs: readThroughMs ?? 0 }
  const differences = pairs.flatMap((pair) => differenceOf(reader, pair, edges) ?? [])
  const unbooked = ours.flatMap((movement) => unbookedFee(reader, movement, nowMs) ?? [])
  const found = [...differences, ...unbooked].sort((a, b) => b.atMs - a.atMs)
  const isWithin = ({ atMs }: { atMs: number }) => atMs >= fromMs && atMs < toMs
  return {
    fromMs,
    toMs,
    readThroughMs,
    lines: [
      ...CATEGORIES.map((category) => {
        const own = pairs.filter((pair) => pair.category === category)
        const processorCents = usd(
          own.flatMap(({ movements }) => movements).filter((one) => isWithin({ atMs: one.createdMs })),
        )
        const booksCents = centsOf(own.flatMap(({ moves }) => moves).filter(isWithin))
        return lineOf(
          category,
          processorCents,
          booksCents,
          differences.filter((one) => one.category === category),
        )
      }),
      feesLine(reader, ours, unbooked, { fromMs, toMs }),
    ],
    differences: found.slice(0, BILLING_LIMITS.differencesMax),
    isMore: found.length > BILLING_LIMITS.differencesMax,
    foreignCents: usd(all.filter(({ isOurs, type }) => !isOurs && isCompared(type))),
    bankCents: -usd(all.filter(({ type }) => isBank(type))),
    clearing: (["disputes", "payouts"] as const).map((account) => ({
      account,
      standsNano: readMoneyIn(reader, "live", account),
    })),
  }
}

function lineOf(category: Category, processorCents: number, booksCents: number, differences: readonly Difference[]) {
  const differenceCents = differences.reduce((sum, one) => sum + one.processorCents - one.booksCents, 0)
  const elsewhereCents = processorCents - booksCents - differenceCents
  return { category, processorCents, booksCents, elsewhereCents, differenceCents }
}

function feesLine(
  reader: Reader,
  ours: readonly MovementRow[],
  unbooked: readonly Difference[],
  span: { fromMs: number; toMs: number },
) {
  const processorCents = -ours.reduce((sum, { usdFeeCents }) => sum + (usdFeeCents ?? 0), 0)
  const booked = readMoneyDays(reader, { mode: "live", ...span }).filter(
    ({ account, type }) => account === "processor_fees" && type === "fee",
  )
  const booksCents = Number(booked.reduce((sum, { amountNano }) => sum + BigInt(amountNano), 0n) / NANO_PER_CENT)
  const differenceCents = unbooked.reduce((sum, one) => sum + one.processorCents - one.booksCents, 0)
  const elsewhereCents = processorCents - booksCents - differenceCents
  return { category: "fees" as const, processorCents, booksCents, elsewhereCents, differenceCents }
}

/** Every object that either side tells of in the period, with all that both ever told of it. */
function pairsOf(reader: Reader, movements: readonly MovementRow[], moves: readonly MoneyMove[]): Pair[] {
  const refs = new Set<string>()
  const sources = new Map<string, Set<string>>()
  for (const movement of movements) {
    const ref = refOf(reader, movement)
    refs.add(ref)
    if (movement.sourceId === null) continue
    const known = sources.get(ref) ?? new Set()
    sources.set(ref, known.add(movement.sourceId))
  }
  for (const { key } of moves) {
    const ref = refOfKey(key)
    if (ref !== null && !isByHand(reader, ref)) refs.add(ref)
  }
  return [...refs].map((ref) => {
    const ids = new Set([...(sources.get(ref) ?? []), ...sourcesOf(reader, ref)])
    const own = [...ids].flatMap((id) => movementsOfSource(reader, id)).filter(({ type }) => isCompared(type))
    // A line about nothing stands for itself.
    const alone = movements.filter((one) => one.sourceId === null && refOf(reader, one) === ref)
    const [first] = own
    const category = first ? categoryOf(first.type) : alone[0] ? categoryOf(alone[0].type) : categoryOfRef(ref)
    return { ref, category, movements: [...own, ...alone], moves: readMoneyOfKey(reader, "live", ref) }
  })
}

const refOf = (reader: Reader, movement: MovementRow): string =>
  (categoryOf(movement.type) === "payments" ? paidFor(reader, movement) : null) ??
  `stripe:${movement.sourceId ?? movement.movementId}`

function sourcesOf(reader: Reader, ref: string): string[] {
  const [kind, id = ""] = ref.split(":")
  if (kind === "order") return sourcesOfOrder(reader, id)
  return id.startsWith("in_") ? sourcesOfInvoice(reader, id) : [id]
}

function differenceOf(
  reader: Reader,
  { ref, category, movements, moves }: Pair,
  { nowMs, readThroughMs }: { nowMs: number; readThroughMs: number },
): Difference | null {
  const [processorCents, booksCents] = [usd(movements), centsOf(moves)]
  const isUnknown = movements.some(({ usdCents }) => usdCents === null)
  if (processorCents === booksCents && !isUnknown) return null
  const atMs = Math.max(...movements.map(({ createdMs }) => createdMs), ...moves.map((move) => move.atMs))
  // On its way: a webhook takes its minutes, and a statement is as old as it was read.
  if (moves.length === 0 && atMs > nowMs - BILLING_LIMITS.onItsWayMs) return null
  if (movements.length === 0 && atMs > readThroughMs - BILLING_LIMITS.onItsWayMs) return null
  return {
    kind: moves.length === 0 ? "not_in_books" : movements.length === 0 ? "not_at_processor" : "amounts",
    category,
    objectId: movements[0] ? (movements[0].sourceId ?? movements[0].movementId) : null,
    orderId: ref.startsWith(ORDER) ? ref.slice(ORDER.length) : null,
    ...withOwner(aboutOf(reader, ref, movements[0]), moves),
    transactionIds: moves.map(({ transactionId }) => transactionId),
    processorCents,
    booksCents,
    atMs,
    text: movements[0]?.text ?? null,
  }
}

/** The payment that has a page here, and whose it is. */
function aboutOf(reader: Reader, ref: string, movement?: MovementRow): Pick<Difference, "paymentId" | "userId"> {
  const named = [idOf(ref), movement?.sourceId ?? ""].map((id) => paymentOf(reader, id)).find(Boolean)
  const ids = [idOf(ref), idOf(named ?? ""), idOf((movement && paidFor(reader, movement)) ?? "")]
  const paymentId = ids.find((id) => ownerOf(reader, id) !== null) ?? null
  return { paymentId, userId: ownerOf(reader, paymentId ?? movement?.customerId ?? "") }
}

/** Where no payment says whose it is, the wallet that it moved does. */
const withOwner = (about: Pick<Difference, "paymentId" | "userId">, moves: readonly MoneyMove[]) => ({
  ...about,
  userId: about.userId ?? ((moves.find(({ ownerId }) => ownerId != null)?.ownerId ?? null) as UserId | null),
})

const idOf = (ref: string): string => ref.slice(ref.indexOf(":") + 1)

/** Kept in a currency of which nobody knows the rate, or read a moment ago. */
function unbookedFee(reader: Reader, movement: MovementRow, nowMs: number): Difference | null {
  const { type, movementId, sourceId, usdFeeCents, transactionId, createdMs, currency, amountCents, feeCents } =
    movement
  if (transactionId !== null || usdFeeCents === 0 || createdMs > nowMs) return null
  const kept = isFee(type) ? -amountCents : feeCents
  return {
    kind: "fee_not_booked",
    category: "fees",
    objectId: sourceId ?? movementId,
    orderId: null,
    ...aboutOf(reader, "", movement),
    transactionIds: [],
    processorCents: -(usdFeeCents ?? 0),
    booksCents: 0,
    atMs: createdMs,
    text: `${kept} cents in ${currency}${movement.text === null ? "" : `: ${movement.text}`}`,
  }
}

const usd = (movements: readonly MovementRow[]): number =>
  movements.reduce((sum, { usdCents }) => sum + (usdCents ?? 0), 0)
const centsOf = (moves: readonly MoneyMove[]): number =>
  Number(moves.reduce((sum, { inNano }) => sum + BigInt(nano(inNano)), 0n) / NANO_PER_CENT)
