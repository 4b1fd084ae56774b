// Whatever order the facts of a payment come in, and however often: the rows end the same, and so does what is held back.
import { describe, expect, test } from "bun:test"
import { nano } from "../../app/index.ts"
import { nanoOfCents } from "../money.ts"
import { disputeState, leftOf, refundState, stepsTo, wanted } from "./rules.ts"
import type { Dispute, DisputeState, Holdback, PaidLot, Refund, RefundState } from "./types.ts"

const permutations = <T>(all: readonly T[]): T[][] =>
  all.length < 2
    ? [[...all]]
    : all.flatMap((one, at) => permutations(all.toSpliced(at, 1)).map((rest) => [one, ...rest]))

type Told =
  | { id: string; cents: number; refund: RefundState; at: number }
  | { id: string; cents: number; dispute: DisputeState; withdrawn: number; at: number }

const LOTS: PaidLot[] = [
  { key: "order:1", paid: 1, grantedNano: 25_000_000_001 },
  { key: "order:1:bonus", paid: 0, grantedNano: 1_250_000_000 },
]
/** Not a whole share of the credits: tax came on top. */
const PAID = nanoOfCents(2_987)

/** A payment as rows know it, and a ledger that only counts: what was paid for lies in one lot, what came on top in another. */
class Books {
  refunds = new Map<string, Refund>()
  disputes = new Map<string, Dispute>()
  holdbacks: Holdback[] = []

  tell(told: Told): void {
    if ("refund" in told) {
      const known = this.refunds.get(told.id)
      const state = known ? refundState(known.state, told.refund) : told.refund
      this.refunds.set(told.id, refundRow(told.id, told.cents, state, told.at))
    } else {
      const known = this.disputes.get(told.id)
      const seen = { state: told.dispute, withdrawnNano: nanoOfCents(told.withdrawn) }
      this.disputes.set(told.id, disputeRow(told.id, told.cents, known ? disputeState(known, seen) : seen, told.at))
    }
    this.stand()
  }

  stand(): void {
    const want = wanted(PAID, LOTS, [...this.refunds.values()], [...this.disputes.values()])
    for (let round = 0; round < 2; round++)
      for (const step of stepsTo(want, this.holdbacks)) {
        if (step.do === "freeze")
          this.holdbacks.push({ ...step.want, through: "", amountNano: nano(0), state: "standing" } as Holdback)
        else if (step.do === "claw") {
          const lotKey = LOTS[step.want.through === "promo" ? 1 : 0]!.key
          this.holdbacks.push({ ...step.want, lotKey, amountNano: step.moreNano, state: "standing" } as never)
        } else {
          const at = this.holdbacks.indexOf(step.of)
          this.holdbacks[at] = { ...step.of, state: step.do === "settle" ? "lost" : "over" }
        }
      }
    expect(stepsTo(want, this.holdbacks)).toEqual([])
  }

  standing(): string[] {
    const all = this.holdbacks.filter(({ state }) => state !== "over")
    const sums = Map.groupBy(all, (one) => [one.source, one.kind, one.lotKey, one.through, one.state].join(" "))
    return [...sums].map(([what, rows]) => `${what} ${rows.reduce((sum, row) => sum + row.amountNano, 0)}`).sort()
  }
}

const NOTHING = { paymentKey: "order:1", paymentIntentId: null, chargeId: null, told: null, updatedMs: 0, askedMs: 0 }
const refundRow = (id: string, cents: number, state: RefundState, createdMs: number): Refund => ({
  ...NOTHING,
  id: 1,
  publicId: `rfd_${id}`,
  refundId: id,
  amountNano: nanoOfCents(cents),
  state,
  reason: null,
  note: null,
  formKey: null,
  createdMs,
})
const disputeRow = (
  id: string,
  cents: number,
  state: Pick<Dispute, "state" | "withdrawnNano">,
  createdMs: number,
): Dispute => ({
  ...NOTHING,
  id: 1,
  publicId: `dsp_${id}`,
  disputeId: id,
  kind: "dispute",
  amountNano: nanoOfCents(cents),
  ...state,
  reason: "fraudulent",
  dueMs: null,
  releasedMs: null,
  createdMs,
})

const r = (id: string, cents: number, refund: RefundState, at = 1): Told => ({ id, cents, refund, at })
const d = (cents: number, dispute: DisputeState, withdrawn: number): Told => ({
  id: "du_1",
  cents,
  dispute,
  withdrawn,
  at: 9,
})

const FLOWS: [name: string, told: Told[]][] = [
  ["a refund", [r("re_1", 2_987, "pending"), r("re_1", 2_987, "succeeded")]],
  ["a refund that fails", [r("re_1", 2_987, "pending"), r("re_1", 2_987, "succeeded"), r("re_1", 2_987, "failed")]],
  ["three parts", [r("re_1", 1_000, "succeeded", 1), r("re_2", 333, "succeeded", 2), r("re_3", 1_654, "succeeded", 3)]],
  [
    "two parts, of which the first fails",
    [
      r("re_1", 1_000, "succeeded", 1),
      r("re_2", 333, "pending", 2),
      r("re_2", 333, "succeeded", 2),
      r("re_1", 1_000, "failed", 1),
    ],
  ],
  ["a dispute that is lost", [d(2_987, "open", 0), d(2_987, "open", 2_987), d(2_987, "lost", 2_987)]],
  ["a dispute that is won", [d(2_987, "open", 0), d(2_987, "open", 2_987), d(2_987, "won", 0)]],
  ["a question that ends well", [d(2_987, "open", 0), d(2_987, "closed", 0)]],
  ["lost, and won after all", [d(2_987, "open", 2_987), d(2_987, "lost", 2_987), d(2_987, "won", 0)]],
  [
    "a part refunded, the rest disputed and lost",
    [
      r("re_1", 1_000, "pending"),
      r("re_1", 1_000, "succeeded"),
      d(1_987, "open", 0),
      d(1_987, "open", 1_987),
      d(1_987, "lost", 1_987),
    ],
  ],
  [
    "a part refunded, which fails, the rest disputed and won",
    [r("re_1", 1_000, "succeeded"), d(1_987, "open", 1_987), d(1_987, "won", 0), r("re_1", 1_000, "failed")],
  ],
]

describe("all orders of", () => {
  for (const [name, told] of FLOWS)
    test(`${name}, each twice: the same is held back`, () => {
      const plain = new Books()
      for (const one of told) plain.tell(one)
      for (const order of permutations(told)) {
        const books = new Books()
        for (const one of [...order, ...order.toReversed(), ...order]) books.tell(one)
        expect(books.standing()).toEqual(plain.standing())
      }
    })
})

describe("amounts", () => {
  const clawed = (books: Books, lotKey: string) =>
    books.holdbacks
      .filter((one) => one.state !== "over" && one.lotKey === lotKey)
      .reduce((sum, one) => sum + one.amountNano, 0)

  test("of all the money are all the credits, in however many parts", () => {
    for (const parts of [[2_987], [1, 2_986], [1_000, 333, 1_654], [7, 11, 13, 2_956]]) {
      const books = new Books()
      for (const [at, cents] of parts.entries()) books.tell(r(`re_${at}`, cents, "succeeded", at))
      expect([clawed(books, "order:1"), clawed(books, "order:1:bonus")]).toEqual([25_000_000_001, 1_250_000_000])
    }
  })

  test("of a part the same part, rounded down; what was given on top goes to promo", () => {
    const books = new Books()
    books.tell(r("re_1", 1_000, "succeeded"))
    expect(books.standing()).toEqual([
      `re_1 claw order:1 cash standing ${Math.floor((25_000_000_001 * 1_000) / 2_987)}`,
      `re_1 claw order:1:bonus promo standing ${Math.floor((1_250_000_000 * 1_000) / 2_987)}`,
    ])
  })

  test("a refund and a dispute of the same money take it once", () => {
    const books = new Books()
    books.tell(r("re_1", 2_987, "succeeded"))
    books.tell(d(2_987, "lost", 2_987))
    expect(clawed(books, "order:1")).toBe(25_000_000_001)
  })

  test("left is what neither went back nor was asked for", () => {
    const rows = [
      refundRow("re_1", 1_000, "asked", 1),
      refundRow("re_2", 500, "failed", 2),
      refundRow("re_3", 87, "succeeded", 3),
    ]
    expect(leftOf(PAID, rows, [])).toBe(nanoOfCents(1_900))
    expect(
      leftOf(PAID, rows, [disputeRow("du_1", 1_900, { state: "open", withdrawnNano: nanoOfCents(1_900) }, 4)]),
    ).toBe(nano(0))
  })
})

test("an open question freezes every lot until it ends or an admin gives them free", () => {
  const open = disputeRow("du_1", 2_987, { state: "open", withdrawnNano: nano(0) }, 1)
  expect(wanted(PAID, LOTS, [], [open]).map((one) => [one.kind, "lotKey" in one && one.lotKey])).toEqual([
    ["freeze", "order:1"],
    ["freeze", "order:1:bonus"],
  ])
  expect(wanted(PAID, LOTS, [], [{ ...open, releasedMs: 5 }])).toEqual([])
})
