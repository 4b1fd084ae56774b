// A developer with money, a place for it to go to, and payouts on their way, for the walks of all routes.
import { DAY_MS, nano, type UserId } from "../src/app/index.ts"
import type { User } from "../src/identity/index.ts"
import { COOLING_DAYS, DEBTOR_IBAN, DEBTOR_NAME, STRIPE_CONNECT } from "../src/payouts/index.ts"
import type { Tx } from "../src/store/index.ts"
import { CTX, ownerOf, type TestServer } from "./build.ts"

type App = TestServer["app"]

export interface PayoutWorld {
  /** Waits for approval. */
  payout: string
  /** A file with an approved one in it. */
  payoutfile: string
  /** A document that nobody has looked at. */
  paydoc: string
}

/** The smallest whole one. */
export const DOCUMENT = new Uint8Array(Buffer.from("%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"))

export async function addDocument(app: App, userId: UserId): Promise<string> {
  const { developers, payouts } = app
  if (!developers.developerOf(userId))
    await developers.acceptAgreement(CTX, {
      userId,
      version: developers.agreementVersion,
      company: "Paper Boat Studio",
    })
  return (await write(app, (tx) => payouts.addDocumentIn(tx, { userId, kind: "identity", file: DOCUMENT }))).publicId
}

const USD = 1_000_000_000

/** Earned days ago and available now: the first thing that happens in these books, since they go forward only. */
export async function earned({ store, ledger }: App, developer: User, buyer: User, dollars: number): Promise<void> {
  const amount = { mode: "live", amountNano: nano(dollars * USD) } as const
  const maturity = { paidDays: 1, promoDays: 1 }
  await store.write(CTX, (tx) => {
    const now = tx.now
    Object.assign(tx, { now: now - 3 * DAY_MS })
    const terms = { type: "topup", bucket: "purchase", paid: true, key: `payout-world-${developer.id}` } as const
    ledger.grantIn(tx, { owner: ownerOf(buyer), ...amount, ...terms })
    ledger.sellIn(tx, {
      owner: ownerOf(buyer),
      ...amount,
      seller: ownerOf(developer),
      commissionNano: nano(0),
      key: `sale-${developer.id}`,
    })
    Object.assign(tx, { now })
  })
  await store.write(CTX, (tx) => ledger.matureIn(tx, { owner: ownerOf(developer), mode: "live", maturity }))
}

const write = <T>({ store }: App, body: (tx: Tx) => T): Promise<T> => store.write(CTX, body as never) as Promise<T>

let asked = 0
export const askPayout = async (app: App, userId: UserId): Promise<string> => {
  const asking = { userId, amountNano: nano(25 * USD), key: `world-${++asked}` }
  return (await write(app, (tx) => app.payouts.requestIn(tx, asking))).publicId
}

/** One approved, in no file. */
export async function approvedPayout(app: App, userId: UserId): Promise<string> {
  const publicId = await askPayout(app, userId)
  await write(app, (tx) => app.payouts.approveIn(tx, publicId))
  return publicId
}

/** A file with one in it. */
export async function payoutFile(app: App, userId: UserId): Promise<string> {
  await approvedPayout(app, userId)
  return (await write(app, (tx) => app.payouts.makeFileIn(tx, { format: "csv", actor: "admin:usr_x" }))).publicId
}

/** What an act of an admin needs, by its address: nothing else is open then. */
export async function payoutFor(app: App, { id: userId }: User, path: string): Promise<Partial<PayoutWorld>> {
  for (const { publicId, state } of app.payouts.ordersOf(userId)) {
    if (state === "requested") await write(app, (tx) => app.payouts.withdrawIn(tx, { userId, publicId }))
    if (state === "approved") await write(app, (tx) => app.payouts.failIn(tx, { publicId, because: "for a test" }))
  }
  if (/\/files\/.+/.test(path)) return { payoutfile: await payoutFile(app, userId) }
  if (/\/(payment|failure|files)$/.test(path)) return { payout: await approvedPayout(app, userId) }
  return { payout: await askPayout(app, userId) }
}

/** @param holder with the words that want to break pages */
export async function openPayouts(app: App, developer: User, holder: string): Promise<PayoutWorld> {
  const typed = { kind: "iban", holder, iban: "DE89370400440532013000", bic: "", currency: "USD" } as const
  await write(app, (tx) => {
    app.settings.setIn(tx, COOLING_DAYS, { value: 0 })
    app.settings.setIn(tx, STRIPE_CONNECT, { value: "on" })
    app.settings.setIn(tx, DEBTOR_NAME, { value: "Purser GmbH" })
    app.settings.setIn(tx, DEBTOR_IBAN, { value: "DE02120300000000202051" })
    app.payouts.setMethodIn(tx, { userId: developer.id, typed })
    app.payouts.setTaxNumberIn(tx, { userId: developer.id, country: "DE", kind: "vat", number: "DE123456789" })
  })
  return {
    paydoc: await addDocument(app, developer.id),
    payoutfile: await payoutFile(app, developer.id),
    payout: await askPayout(app, developer.id),
  }
}
