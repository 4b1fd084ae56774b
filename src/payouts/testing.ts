// For tests of payouts only: developers with money on real books, and a clock that is turned by hand.

import { expect } from "bun:test"
import { createHash } from "node:crypto"
import { AppError, createIds, DAY_MS, type Keyring, nano, silentLog, UserId, VirtualClock } from "../app/index.ts"
import type { Paper } from "../billing/index.ts"
import { INVOICE_SETTINGS, pdfOf } from "../billing/invoices/testing.ts"
import { BRAND } from "../brand/index.ts"
import { createLedger, principal } from "../ledger/index.ts"
import { createSettings } from "../settings/index.ts"
import { openTestStore, type Tx, testCtx } from "../store/index.ts"
import { createPayouts, PAYOUT_SETTINGS, type SetMethodInput } from "./index.ts"

export const DEV = UserId(1)
export const OTHER = UserId(2)
const BUYER = 3
export const MINIMUM = 10_000_000_000
export const IBAN = "DE89370400440532013000"

export const BANK: SetMethodInput["typed"] = {
  kind: "iban",
  holder: "Ada Lovelace",
  iban: IBAN,
  bic: "",
  currency: "USD",
}

export interface SentMail {
  kind: string
  to: string
  data: Record<string, unknown>
}

type Connected = Parameters<typeof createPayouts>[0]["connection"]

/** @param connection of payments; default: none is set up */
export async function openPayouts(connection: Connected = { processor: null, account: "" }) {
  const clock = new VirtualClock(Date.UTC(2026, 10, 10))
  const { store, close } = await openTestStore({ clock })
  const ids = createIds(clock)
  const ledger = createLedger({ store, clock, ids, bootId: "boot-1" })
  const settings = createSettings({ store, settings: [...PAYOUT_SETTINGS, ...INVOICE_SETTINGS, BRAND.name] })
  const mails: SentMail[] = []
  const printed: Paper[] = []
  const suspended = new Set<number>()
  const emails = new Map<number, string>()
  const userOf = (id: number) => ({
    id,
    publicId: `usr_${id}`,
    email: emails.get(id) ?? `dev${id}@example.com`,
    emailVerified: true,
  })
  const requireActiveIn = (_: unknown, id: number) => {
    if (suspended.has(id)) throw new AppError("account_suspended", "suspended")
    return userOf(id)
  }
  const terms = { paidDays: 7, promoDays: 30, promoCapBp: 1_000, payoutMinNano: nano(MINIMUM) }
  const payouts = createPayouts({
    store,
    clock,
    ids,
    keyring: testKeyring(),
    log: silentLog,
    settings,
    ledger,
    baseUrl: "https://ai.example.com",
    connection,
    billing: {
      invoices: {
        async pdf(paper) {
          printed.push(paper)
          return pdfOf(paper) as Uint8Array<ArrayBuffer>
        },
      },
    },
    answersFor: (id) => id,
    circleOf: (_, id) => [id],
    identity: { userById: userOf, requireActiveIn, isSuspended: (id: number) => suspended.has(id) } as never,
    developers: {
      requireDeveloperIn: requireActiveIn,
      earningTermsIn: () => terms,
      earningTerms: () => terms,
      developerOf: () => ({ company: "Analytical Engines", acceptedMs: 0 }),
    } as never,
    mails: {
      queueIn: (_: Tx, letter: { kind: string }, mail: { to: string; data: never }) =>
        void mails.push({ kind: letter.kind, to: mail.to, data: mail.data }),
    } as never,
  })
  const write = <T>(verb: (tx: Tx) => T) => store.write(testCtx, verb as never) as Promise<T>
  await write((tx) =>
    tx.run("INSERT INTO principals (id, kind, created_ms) VALUES (1, 'user', 0), (2, 'user', 0), (3, 'user', 0)"),
  )
  let sales = 0
  /** Earned and mature, at once. */
  const earn = async (amountNano: number, of: number = DEV, mode: "live" | "test" = "live") => {
    const key = `sale-${++sales}`
    const owner = principal(BUYER as never)
    const amount = { mode, amountNano: nano(amountNano) } as const
    await write((tx) => {
      ledger.grantIn(tx, { owner, ...amount, type: "topup", bucket: "purchase", paid: true, key: `${key}-lot` })
      return ledger.sellIn(tx, { owner, ...amount, seller: principal(of as never), commissionNano: nano(0), key })
    })
    clock.advance(8 * DAY_MS)
    await ledger.matureDue(terms)
    return key
  }
  const healthy = () => expect(ledger.verify().checks.filter(({ violations }) => violations > 0)).toEqual([])
  const figures = (of: number = DEV, mode: "live" | "test" = "live") => {
    const found = ledger.earningsOf(principal(of as never), mode, terms)
    return [found.payableNano, found.requestedNano, found.paidNano].map(Number)
  }
  /** With a method that may be used, and money. */
  const ready = async (amountNano: number, of: UserId = DEV, typed = BANK) => {
    await write((tx) => payouts.setMethodIn(tx, { userId: of, typed }))
    await earn(amountNano, of)
  }
  const ask = (amountNano: number | null, key: string, of: UserId = DEV) =>
    write((tx) => payouts.requestIn(tx, { userId: of, amountNano: amountNano === null ? null : nano(amountNano), key }))
  return {
    store,
    close,
    clock,
    ledger,
    settings,
    payouts,
    mails,
    printed,
    emails,
    suspended,
    write,
    earn,
    healthy,
    figures,
    ready,
    ask,
  }
}

export type PayoutKit = Awaited<ReturnType<typeof openPayouts>>

/** What was refused, and why. */
export const refused = async (asking: Promise<unknown>): Promise<string> => {
  const error = await asking.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(AppError)
  return (error as AppError).code
}

/** Seals nothing, but binds what is sealed to its place, as the real one does. */
function testKeyring(): Keyring {
  const box = (purpose: string, place: string) => `${purpose}|${place}|`
  return {
    seal: (purpose: string, place: string, plain: string) =>
      `v1.${Buffer.from(box(purpose, place) + plain).toString("base64")}`,
    open(purpose: string, place: string, sealed: string) {
      const text = Buffer.from(sealed.slice(3), "base64").toString()
      if (!text.startsWith(box(purpose, place))) throw new Error("sealed for another place")
      return text.slice(box(purpose, place).length)
    },
    hmac: (purpose: string, data: string) => createHash("sha256").update(`${purpose}|${data}`).digest("hex"),
  } as unknown as Keyring
}
