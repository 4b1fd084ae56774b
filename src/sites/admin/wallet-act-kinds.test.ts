// What an admin is told before an act: which lots would lose what comes back, what a reversal moves, and when a button is red.
import { expect, test } from "bun:test"
import { nano } from "../../app/index.ts"
import type { LotDetail, TransactionType, TransactionView } from "../../ledger/index.ts"
import type { Subject } from "./wallet-act.ts"
import { KINDS } from "./wallet-act-kinds.ts"

const NOW = Date.UTC(2026, 10, 20)
const lot = (expiresMs: number | null) => ({ expiresMs }) as LotDetail
const view = (type: TransactionType, amountNano: number) =>
  ({
    type,
    atMs: NOW,
    givenBackNano: 0,
    entries: [{ account: "wallet", owner: { kind: "principal", id: 7 }, lotId: "lot_1", amountNano }],
  }) as unknown as TransactionView
const subject = (more: Partial<Subject>): Subject =>
  ({ name: "Ada Reader", user: { id: 7 }, mode: "live", now: NOW, ...more }) as Subject
const charge = (payers: LotDetail[]) =>
  subject({ view: view("usage", -1_900_000), about: ["Storyteller", "Chat", "gpt-5-mini"], payers })

test("a refund says what would be lost on lots that are over", () => {
  const words = (...expiries: (number | null)[]) => KINDS.refund.words(charge(expiries.map(lot))).join(" ")
  expect(KINDS.refund.title(charge([]))).toBe("Refund Ada Reader for Storyteller, gpt-5-mini")
  expect(words(NOW + 1)).toBe(
    "Up to 1.9 credits go back to the lots that paid, starting with the lot that paid last. No developer earned with this charge.",
  )
  expect(words(null)).not.toContain("expire")
  expect(words(NOW)).toContain("The lot they came from expired on 20 Nov 2026: what goes back to it expires at once.")
  expect(words(NOW, NOW - 1)).toContain("The lots they came from have expired")
  expect(words(NOW, null)).toContain("Some of the lots they came from have expired")
})

test("a refund says what the developer loses", () => {
  const paid = charge([lot(null)])
  const earned = { ...paid.view!.entries[0]!, account: "pending" as const, amountNano: nano(475_000) }
  const words = KINDS.refund.words({ ...paid, view: { ...paid.view!, entries: [...paid.view!.entries, earned] } })
  expect(words.at(-1)).toStartWith("The app’s developer earned 0.475 credits of it.")
})

test("a reversal names what it undoes, and is red when credits are taken away", () => {
  const given = subject({ view: view("daily_bonus", 100_000_000), about: [] })
  expect(KINDS.reversal.title(given)).toBe("Reverse this daily claim of 100 credits?")
  expect(KINDS.reversal.label(given)).toBe("Reverse this daily claim")
  expect(KINDS.reversal.words(given).join(" ")).toContain("once: Ada Reader loses 100 credits. Booked on 20 Nov 2026")
  expect(KINDS.reversal.words(given).join(" ")).toContain("refused when credits that it gave are spent")
  expect(KINDS.reversal.danger(given)).toBe(true)

  const taken = charge([lot(NOW)])
  expect(KINDS.reversal.title(taken)).toBe("Reverse this charge of 1.9 credits?")
  expect(KINDS.reversal.words(taken).join(" ")).toContain("once: Ada Reader gets 1.9 credits back.")
  expect(KINDS.reversal.words(taken).join(" ")).not.toContain("refused")
  expect(KINDS.reversal.words(taken).join(" ")).toContain("what goes back to it expires at once")
  expect(KINDS.reversal.danger(taken)).toBe(false)
})

test("a void names the lot and what it takes", () => {
  const one = { remainingNano: nano(2_500_000), heldNano: nano(0), bucket: "purchase", paid: true, createdMs: NOW }
  const voids = subject({ lot: one as LotDetail })
  expect(KINDS.void.words(voids)[0]).toBe("Takes 2.5 credits of the paid purchase lot of 20 Nov 2026 away at once.")
  expect(KINDS.void.label(voids)).toBe("Void 2.5 credits")
})
