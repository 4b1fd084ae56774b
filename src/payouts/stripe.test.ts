// Payouts by Stripe Connect, over the official SDK and a Stripe that speaks HTTP: signed up there, paid when Stripe says so, sent once however often
// answers are lost or the process dies, and back with its developer when Stripe refuses.
import { expect, test } from "bun:test"
import { eventually } from "../../test/eventually.ts"
import { createFakeStripe } from "../../test/fakes/stripe/index.ts"
import type { Account, Transfer } from "../../test/fakes/stripe/types.ts"
import { createStripe } from "../billing/index.ts"
import { COOLING_DAYS, STRIPE_CONNECT } from "./index.ts"
import { DEV, OTHER, openPayouts, refused } from "./testing.ts"

const USD = 1_000_000_000
const ORIGIN = "http://stripe.test"
const CTX = { actor: "user:usr_1", requestId: "req_test", reason: "test" }

async function open() {
  const fake = createFakeStripe({ now: Date.now, origin: ORIGIN, secretKey: "sk_test_fake" })
  /** A transfer is made, and whoever asked is gone. */
  const dying = { isOn: false }
  const fetch = async (request: Request): Promise<Response> => {
    const isTransfer = request.method === "POST" && request.url.endsWith("/v1/transfers")
    const answer = await fake.fetch(request)
    return isTransfer && dying.isOn ? new Promise(() => {}) : answer
  }
  const processor = await createStripe({ secretKey: "sk_test_fake", webhookSecret: null, apiBase: ORIGIN, fetch })
  const connection = { processor: processor as typeof processor | null, account: "acct_platform" }
  const kit = await openPayouts(connection as never)
  await kit.write((tx) => {
    kit.settings.setIn(tx, STRIPE_CONNECT, { value: "on" })
    kit.settings.setIn(tx, COOLING_DAYS, { value: 0 })
  })
  const { payouts } = kit
  const state = (publicId: string) => payouts.order(publicId)!.state
  const transfers = () => fake.world.all<Transfer>("transfer")
  const accounts = () => fake.world.all<Account>("account")
  /** Signed up, with so much to have, and one payout approved. */
  const approved = async (dollars: number) => {
    await fake.fetch(new Request(await payouts.startStripe(CTX, DEV)))
    await payouts.syncStripe(DEV)
    await kit.earn(dollars * USD)
    const { publicId } = await kit.ask(dollars * USD, `k-${dollars}`)
    await kit.write((tx) => payouts.approveIn(tx, publicId))
    return publicId
  }
  return { ...kit, fake, dying, connection, state, transfers, accounts, approved }
}

test("offered where the operator turned it on; signed up at Stripe, once; used when Stripe says so and not before", async () => {
  const k = await open()
  const { payouts } = k
  await k.write((tx) => k.settings.setIn(tx, STRIPE_CONNECT, { value: "off" }))
  expect([payouts.isStripeOffered(), await refused(payouts.startStripe(CTX, DEV))]).toEqual([false, "not_found"])
  await k.write((tx) => k.settings.setIn(tx, STRIPE_CONNECT, { value: "on" }))
  const link = await payouts.startStripe(CTX, DEV)
  expect(new URL(link).searchParams.get("return")).toBe("https://ai.example.com/developer/payouts/method/stripe?back=1")
  expect(payouts.methodOf(DEV)).toMatchObject({ kind: "stripe", currency: "USD", confirmedMs: null })
  expect(k.mails.map(({ kind }) => kind)).toEqual(["payout_method"])
  await k.earn(50 * USD)
  expect(await payouts.syncStripe(DEV)).toBe(false)
  expect(payouts.refusalOf(DEV)).toBe("Finish at Stripe first.")
  // A code of mails proves no account at Stripe.
  expect(await k.write((tx) => payouts.confirmMethodIn(tx, { userId: DEV, code: "000000" }))).toBe(false)
  // They go there again: the same account.
  await k.fake.fetch(new Request(await payouts.startStripe(CTX, DEV)))
  expect(k.accounts()).toHaveLength(1)
  expect(k.accounts()[0]!.metadata).toMatchObject({ payee: "usr_1" })
  await payouts.syncAllStripe(1)
  expect([payouts.methodOf(DEV)!.confirmedMs !== null, payouts.refusalOf(DEV)]).toEqual([true, null])
  // Nobody else has it.
  expect([payouts.methodOf(OTHER), await payouts.syncStripe(OTHER)]).toEqual([null, null])
  // Stripe changes its mind.
  k.accounts()[0]!.payouts_enabled = false
  expect(await payouts.syncStripe(DEV)).toBe(false)
  expect(payouts.refusalOf(DEV)).toBe("Finish at Stripe first.")
  expect(k.store.read.get<{ sealed: string }>("SELECT sealed FROM payout_methods")!.sealed).not.toContain("acct_")
  await k.close()
})

test("an approved payout is sent by itself, in its exact sum, marked by Stripe's reference, and in no file", async () => {
  const k = await open()
  const id = await k.approved(40)
  expect([k.payouts.waitingFor("csv"), k.payouts.waitingFor("pain")]).toEqual([0, 0])
  await Promise.all([k.payouts.sendPayouts(10), k.payouts.sendPayouts(10)])
  const [transfer, ...more] = k.transfers()
  expect(more).toEqual([])
  expect(transfer).toMatchObject({
    amount: 4_000,
    currency: "usd",
    transfer_group: id,
    destination: k.accounts()[0]!.id,
  })
  expect(k.payouts.order(id)).toMatchObject({ state: "paid", reference: transfer!.id })
  expect(await k.payouts.sendPayouts(10)).toBe(0)
  expect(k.figures()).toEqual([0, 0, 40 * USD])
  k.healthy()
  await k.close()
})

test("kill −9 between transfer and mark, and answers that are lost: paid once; nobody says otherwise by hand meanwhile", async () => {
  const k = await open()
  const id = await k.approved(40)
  k.dying.isOn = true
  // The process that asked hears nothing any more.
  void k.payouts.sendPayouts(10).catch(() => {})
  await eventually("the transfer", () => k.transfers().length > 0)
  expect([k.transfers().length, k.state(id)]).toEqual([1, "approved"])
  const by = (act: "rejectIn" | "failIn") =>
    refused(k.write((tx) => k.payouts[act](tx, { publicId: id, because: "x" })))
  expect([await by("rejectIn"), await by("failIn")]).toEqual(["conflict", "conflict"])
  expect(await refused(k.write((tx) => k.payouts.payIn(tx, { publicId: id, reference: "by hand" })))).toBe("conflict")
  // Another account of the operator's meanwhile: it knows nothing of the transfer, and is not asked for another.
  k.connection.account = "acct_other"
  await k.payouts.sendPayouts(10)
  expect([k.transfers().length, k.state(id)]).toEqual([1, "approved"])
  k.connection.account = "acct_platform"
  k.dying.isOn = false
  // The next process; Stripe may have forgotten the key by then, so the transfer is looked for.
  k.fake.trouble({ on: /POST \/v1\/transfers/, status: 500, times: 9 })
  await k.payouts.sendPayouts(10)
  expect(k.payouts.order(id)).toMatchObject({ state: "paid", reference: k.transfers()[0]!.id })
  k.fake.calm()
  // Every answer to the next is lost.
  const next = await k.approved(30)
  k.fake.trouble({ on: /POST \/v1\/transfers/, loseAnswer: true, times: 3 })
  await k.payouts.sendPayouts(10)
  expect([k.transfers().length, k.state(next)]).toEqual([2, "approved"])
  await k.payouts.sendPayouts(10)
  expect([k.transfers().length, k.state(next)]).toEqual([2, "paid"])
  expect(k.figures()).toEqual([0, 0, 70 * USD])
  k.healthy()
  await k.close()
}, 30_000)

test("what Stripe refuses is its developer's again, once; what it cannot answer now waits", async () => {
  const k = await open()
  const id = await k.approved(40)
  k.fake.trouble({ on: /\/v1\/transfers/, status: 503, times: 9 })
  await k.payouts.sendPayouts(10)
  expect([k.state(id), k.figures()]).toEqual(["approved", [0, 40 * USD, 0]])
  k.fake.calm()
  k.accounts()[0]!.payouts_enabled = false
  await k.payouts.sendPayouts(10)
  expect(k.payouts.order(id)).toMatchObject({
    state: "failed",
    because: expect.stringContaining("Stripe could not send"),
  })
  expect([k.transfers(), k.figures()]).toEqual([[], [40 * USD, 0, 0]])
  expect(await k.payouts.sendPayouts(10)).toBe(0)
  expect(k.mails.filter(({ kind }) => kind === "payout_failed")).toHaveLength(1)
  k.healthy()
  await k.close()
}, 30_000)

test("payouts that Stripe cannot answer now keep no others waiting, however many they are", async () => {
  const k = await open()
  const [first, second] = [await k.approved(40), await k.approved(30)]
  k.fake.trouble({ on: /\/v1\/transfers/, status: 503, times: 9 })
  await k.payouts.sendPayouts(1)
  k.fake.calm()
  await k.payouts.sendPayouts(1)
  expect([k.state(first), k.state(second)]).toEqual(["approved", "paid"])
  // The last was looked at: it begins with the oldest again.
  await k.payouts.sendPayouts(1)
  await k.payouts.sendPayouts(1)
  expect([k.state(first), k.transfers().length]).toEqual(["paid", 2])
  k.healthy()
  await k.close()
}, 30_000)

test("a hold, a key that is gone and another account of the operator's: nothing is sent", async () => {
  const k = await open()
  const id = await k.approved(40)
  await k.write((tx) => k.payouts.holdIn(tx, { userId: DEV, reason: "Odd cards" }))
  expect(await k.payouts.sendPayouts(10)).toBe(0)
  await k.write((tx) => k.payouts.releaseIn(tx, { userId: DEV }))
  const { processor } = k.connection
  k.connection.processor = null
  expect([await k.payouts.sendPayouts(10), k.payouts.isStripeOffered()]).toEqual([0, false])
  k.connection.processor = processor
  k.connection.account = "acct_other"
  await k.payouts.sendPayouts(10)
  expect(k.payouts.order(id)).toMatchObject({ state: "failed", because: expect.stringContaining("Connect it again") })
  expect([k.transfers(), k.figures()]).toEqual([[], [40 * USD, 0, 0]])
  k.healthy()
  await k.close()
})
