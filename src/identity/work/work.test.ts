// Proof of work on sign-up: asked only in a flood or where an operator wants it, counted once, for this browser, this form and a quarter of an
// hour; without it a slow line that a flood cannot widen.
import { afterEach, expect, test } from "bun:test"
import { type AppError, DAY_MS, HOUR_MS, MINUTE_MS, sha256Hex } from "../../app/index.ts"
import { testCtx } from "../../store/index.ts"
import { newVisitor, type Opened, openIdentity, PASSWORD } from "../testing.ts"
import type { Visitor } from "../types.ts"
import { TIERS, WORK_MS } from "./rules.ts"
import { solve } from "./testing.ts"
import type { SignUpProof, SignUpWork } from "./types.ts"

let close: (() => Promise<void>) | null = null
afterEach(async () => {
  await close?.()
  close = null
})
async function open(mode: "flood" | "always" | "never" = "flood"): Promise<Opened> {
  const settings = {
    get: ((setting: { key: string; default: unknown }) =>
      setting.key === "identity.sign_up_work" ? mode : setting.default) as never,
  }
  const t = await openIdentity({ settings })
  close = t.close
  // A flood begins with an hour.
  t.clock.set(Math.ceil((t.clock.now() + 1) / HOUR_MS) * HOUR_MS)
  return t
}
let people = 0
const signUp = (t: Opened, visitor: Visitor, proof?: SignUpProof) =>
  t.identity.signUp(visitor, { email: `p${++people}@example.com`, password: PASSWORD, proof })
const said = (act: Promise<unknown>): Promise<string> => act.then(() => "in").catch((error: AppError) => error.code)
const count = (t: Opened, table: string): number =>
  t.store.read.get<{ n: number }>(`SELECT count(*) AS n FROM ${table}`)!.n
/** As many sign-ups from one network as are free. */
async function flood(t: Opened, ip: string, many = TIERS[0]!.fromNetwork): Promise<void> {
  for (let at = 0; at < many; at++) await signUp(t, newVisitor({ ip }))
}
const asked = (t: Opened, visitor: Visitor): SignUpWork => {
  const work = t.identity.signUpWork(visitor)
  if (!work) throw new Error("no work is asked for")
  return work
}

test("nobody is asked while it is calm; a network that floods is, others are not; with the hour it is over", async () => {
  const t = await open()
  const ip = "203.0.113.7"
  expect(t.identity.signUpWork(newVisitor({ ip }))).toBeNull()
  await flood(t, ip)
  expect(asked(t, newVisitor({ ip })).numbersMax).toBe(TIERS[0]!.numbersMax)
  expect(t.identity.signUpWork(newVisitor())).toBeNull()
  t.clock.set(Math.ceil((t.clock.now() + 1) / HOUR_MS) * HOUR_MS)
  expect(t.identity.signUpWork(newVisitor({ ip }))).toBeNull()
})

test("many networks are a flood for everybody, and a restart forgets none of it", async () => {
  const t = await open()
  for (let at = 0; at < TIERS[0]!.inAll; at++) await signUp(t, newVisitor())
  expect(asked(t, newVisitor()).numbersMax).toBe(TIERS[0]!.numbersMax)
  expect(t.restart().signUpWork(newVisitor())).not.toBeNull()
})

test("the more of a flood the more work, up to a bound; a question of the calm is not enough then", async () => {
  const t = await open()
  const visitor = newVisitor()
  const seen = (used: number) =>
    t.store.write(testCtx, (tx) => {
      tx.run("UPDATE throttles SET used = ? WHERE rule = 'sign_ups_network'", used)
    })
  await signUp(t, visitor)
  const small = { ticket: "", answer: "" }
  for (const { fromNetwork, numbersMax } of TIERS) {
    await seen(fromNetwork - 1)
    expect(t.identity.signUpWork(visitor)?.numbersMax).not.toBe(numbersMax)
    await seen(fromNetwork)
    const work = asked(t, visitor)
    expect(work.numbersMax).toBe(numbersMax)
    if (!small.ticket) Object.assign(small, await solve(work))
  }
  expect(await said(signUp(t, visitor, small))).toBe("validation_failed")
  await seen(TIERS[0]!.fromNetwork)
  expect(await said(signUp(t, visitor, small))).toBe("in")
})

test("an operator may ask always or never", async () => {
  const never = await open("never")
  await flood(never, "203.0.113.9", TIERS[0]!.fromNetwork + 5)
  expect(never.identity.signUpWork(newVisitor({ ip: "203.0.113.9" }))).toBeNull()
  await never.close()
  const always = await open("always")
  expect(always.identity.signUpWork(newVisitor())).not.toBeNull()
})

test("the worker of the page finds the number; it is what SHA-256 says", async () => {
  const t = await open("always")
  const work = asked(t, newVisitor())
  const { answer } = await solve(work)
  expect(sha256Hex(`${work.salt}${answer}`)).toBe(work.target)
  for (const number of [0, 9, 10, 99_999]) {
    const target = sha256Hex(`${work.salt}${number}`)
    expect((await solve({ ...work, target })).answer).toBe(String(number))
  }
  expect((await solve({ ...work, target: "0".repeat(64), numbersMax: 1_000 })).answer).toBe("")
})

test("right work lets in, once: not again, not in another browser, not later, not another number, not a smaller question", async () => {
  const t = await open("always")
  const visitor = newVisitor()
  const proof = await solve(asked(t, visitor))
  expect(await said(signUp(t, newVisitor({ ip: visitor.ip }), proof))).toBe("validation_failed")
  expect(await said(signUp(t, visitor, { ...proof, answer: `${Number(proof.answer) + 1}` }))).toBe("validation_failed")
  expect(await said(signUp(t, visitor, { ...proof, answer: `0${proof.answer}` }))).toBe("validation_failed")
  const middle = Math.floor(proof.ticket.length / 2)
  const forged = `${proof.ticket.slice(0, middle)}${proof.ticket[middle] === "A" ? "B" : "A"}${proof.ticket.slice(middle + 1)}`
  expect(await said(signUp(t, visitor, { ...proof, ticket: forged }))).toBe("validation_failed")
  expect(await said(signUp(t, visitor, { ticket: "v1.k.n.x", answer: "1" }))).toBe("validation_failed")
  expect(await said(signUp(t, visitor, proof))).toBe("in")
  expect(count(t, "sign_up_works")).toBe(1)
  expect(await said(signUp(t, visitor, proof))).toBe("validation_failed")
  // Another spelling of the same ticket is the same work.
  expect(await said(signUp(t, visitor, { ...proof, ticket: `${proof.ticket}A` }))).toBe("validation_failed")

  const late = await solve(asked(t, visitor))
  t.clock.advance(WORK_MS)
  expect(await said(signUp(t, visitor, late))).toBe("validation_failed")
  await t.identity.purge(testCtx)
  expect(count(t, "sign_up_works")).toBe(0)
})

test("of 50 sign-ups at once with one proof, one mail goes out", async () => {
  const t = await open("always")
  const visitor = newVisitor()
  const proof = await solve(asked(t, visitor))
  const before = t.queued.length
  const answers = await Promise.all(Array.from({ length: 50 }, () => said(signUp(t, visitor, proof))))
  expect(answers.filter((answer) => answer === "in")).toHaveLength(1)
  expect(t.queued.length - before).toBe(1)
})

test("what is refused for another reason uses no proof up, and pressing twice needs no second one", async () => {
  const t = await open("always")
  const visitor = newVisitor()
  const proof = await solve(asked(t, visitor))
  const short = t.identity.signUp(visitor, { email: "twice@example.com", password: "short", proof })
  expect(await said(short)).toBe("validation_failed")
  const input = { email: "twice@example.com", password: PASSWORD, proof }
  const first = await t.identity.signUp(visitor, input)
  expect(await t.identity.signUp(visitor, input)).toEqual(first)
  expect(count(t, "sign_up_works")).toBe(1)
})

test("without work there is a slow line: a few of a network, some in all, and a flood does not widen it", async () => {
  const t = await open("always")
  const ip = "203.0.113.10"
  expect(await said(signUp(t, newVisitor({ ip })))).toBe("in")
  expect(await said(signUp(t, newVisitor({ ip }), { ticket: asked(t, newVisitor({ ip })).ticket, answer: "" }))).toBe(
    "in",
  )
  const third = newVisitor({ ip })
  const error = (await signUp(t, third).catch((e) => e)) as AppError
  expect([error.code, error.extra.retryAfterSeconds]).toEqual(["rate_limit_exceeded", 1_200])
  t.clock.advance(20 * MINUTE_MS)
  expect(await said(signUp(t, third))).toBe("in")
  let entered = 0
  const from = t.clock.now()
  while (t.clock.now() - from < HOUR_MS) {
    for (let at = 0; at < 10; at++) if ((await said(signUp(t, newVisitor()))) === "in") entered++
    t.clock.advance(2 * MINUTE_MS)
  }
  expect(entered).toBeLessThanOrEqual(70)
  expect(entered).toBeGreaterThan(50)
  // Whoever calculates is not in that line.
  const quick = newVisitor()
  expect(await said(signUp(t, quick, await solve(asked(t, quick))))).toBe("in")
  t.clock.advance(DAY_MS)
})

test("wrong work costs no hash of a password", async () => {
  const t = await open("always")
  const before = t.hashing.hashes
  await said(signUp(t, newVisitor(), { ticket: "x", answer: "1" }))
  expect(t.hashing.hashes).toBe(before)
})
