// Bringing people (SPEC BY-3): a link, an account, a first purchase, and credits for whoever brought them, once; never for somebody who is the
// same person by another name, and never any longer than the purchase stands.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test"
import { credits, HOUR_MS, nano, randomSecret, type UserId } from "../../src/app/index.ts"
import type { User } from "../../src/identity/index.ts"
import { createReferrals, REFERRAL_AMOUNT, REFERRAL_MOST, type Referrals } from "../../src/referrals/index.ts"
import { CTX, logIn, makeDeveloper, makeUser, ownerOf, PASSWORD, startTestServer, type TestServer } from "../build.ts"

let server: TestServer
let referrals: Referrals
/** What the processor calls the card of a charge. */
let cards: Record<string, string>
let number = 0
beforeAll(async () => {
  server = await startTestServer()
  const { store, keyring, identity, ledger, settings } = server.app
  const cardOf = async (chargeId: string) => {
    if (chargeId === "unreachable") throw new Error("the processor does not answer")
    return cards[chargeId] ?? null
  }
  referrals = createReferrals({ store, keyring, identity, ledger, settings, cardOf })
})
afterAll(() => server.close())
beforeEach(async () => {
  cards = {}
  await server.app.settings.set(CTX, REFERRAL_AMOUNT, { value: credits(500) })
  await server.app.settings.set(CTX, REFERRAL_MOST, { value: 10 })
})

interface Place {
  ip: string
  browserId: string
}
const elsewhere = (): Place => ({ ip: `198.51.${++number % 250}.${(number * 7) % 250}`, browserId: randomSecret() })
const visitor = (place: Place) => ({ ...place, userAgent: "test", requestId: "req_test" })

async function person(email?: string, place = elsewhere()): Promise<User & { place: Place }> {
  const user = await makeUser(server.app, email === undefined ? {} : { email })
  await logIn(server.app.identity, visitor(place), { email: user.email, password: PASSWORD })
  return { ...user, place }
}

const linkOf = (user: User) => server.app.store.write(CTX, (tx) => referrals.linkIn(tx, user.id))
/** They follow the link in a browser, and make an account there. */
async function brought(by: User, email?: string, place = elsewhere()): Promise<User & { place: Place }> {
  const code = await linkOf(by)
  await server.app.store.write(CTX, (tx) => referrals.followIn(tx, code, place))
  const user = await person(email, place)
  await server.app.store.write(CTX, (tx) => referrals.joinedIn(tx, user.id, place))
  return user
}

/** A paid order as billing has it. */
async function buys(user: User, dollars: number, card = `card ${++number}`): Promise<string> {
  const [id, charge] = [`ord_${randomSecret(8)}`, `ch_${randomSecret(8)}`]
  cards[charge] = card
  await server.app.store.write(CTX, (tx) => {
    const now = tx.now + ++number
    tx.run(
      `INSERT INTO billing_orders (public_id, user_id, package_slug, package_name, price_nano, bonus_nano, form_key, state, charge_id,
         transaction_id, created_ms, updated_ms, paid_ms)
       VALUES (?, ?, 'test', 'Test', ?, 0, ?, 'paid', ?, 'txn_test', ?, ?, ?)`,
      id,
      user.id,
      dollars * credits(1_000),
      randomSecret(8),
      charge,
      now,
      now,
      now,
    )
  })
  return id
}
const settle = () => referrals.settle(CTX, 1_000)
const has = (user: User) => server.app.ledger.wallet(ownerOf(user), "live").balanceNano as number
const stateOf = (by: User, user: User) => {
  const found = referrals.ofReferrer(by.id, 100).find(({ userId }) => userId === (user.id as UserId))
  return found && (found.why ?? found.state)
}

describe("somebody else is brought", () => {
  test("the first purchase that is large enough gives credits, once, which nobody can be paid out", async () => {
    const [ada, bob] = [await person(), await person()]
    void bob
    const cleo = await brought(ada)
    expect(stateOf(ada, cleo)).toBe("joined")
    await settle()
    expect([stateOf(ada, cleo), has(ada)]).toEqual(["joined", 0])
    await buys(cleo, 5)
    await Promise.all([settle(), settle(), settle()])
    expect([stateOf(ada, cleo), has(ada)]).toEqual(["rewarded", credits(500)])
    await buys(cleo, 50)
    await settle()
    expect(has(ada)).toBe(credits(500))
    expect(Number(server.app.ledger.paidSpendableOf(ownerOf(ada), "live"))).toBe(0)
    const { pendingNano, payableNano } = server.app.ledger.earningsOf(ownerOf(ada), "live", {
      paidDays: 1,
      promoDays: 1,
    })
    expect([pendingNano, payableNano] as number[]).toEqual([0, 0])
    expect(server.app.ledger.verify().ok).toBe(true)
  })

  test("it is taken back when the purchase is paid back, or disputed, as far as it is left", async () => {
    const ada = await person()
    const [cleo, dora] = [await brought(ada), await brought(ada)]
    const [order] = [await buys(cleo, 10), await buys(dora, 10)]
    await settle()
    expect(has(ada)).toBe(credits(1_000))
    await server.app.store.write(
      CTX,
      (tx) => void tx.run("UPDATE billing_orders SET refunded_nano = 1 WHERE public_id = ?", order),
    )
    await settle()
    await settle()
    expect([stateOf(ada, cleo), stateOf(ada, dora), has(ada)]).toEqual(["taken_back", "rewarded", credits(500)])
    expect(server.app.ledger.wallet(ownerOf(ada), "live").debtNano as number).toBe(0)
    expect(server.app.ledger.verify().ok).toBe(true)
  })

  test("a first purchase below the least, or one that was paid back before, gives nothing, and no later one does", async () => {
    const ada = await person()
    const [cleo, dora] = [await brought(ada), await brought(ada)]
    await buys(cleo, 4)
    const order = await buys(dora, 20)
    await server.app.store.write(
      CTX,
      (tx) => void tx.run("UPDATE billing_orders SET refunded_nano = 1 WHERE public_id = ?", order),
    )
    await settle()
    await buys(cleo, 40)
    await settle()
    expect([stateOf(ada, cleo), stateOf(ada, dora), has(ada)]).toEqual(["small", "paid_back", 0])
  })

  test("no more rewards than the most for one person, however many buy at once", async () => {
    await server.app.settings.set(CTX, REFERRAL_MOST, { value: 2 })
    const ada = await person()
    for (let index = 0; index < 4; index++) await buys(await brought(ada), 10)
    await Promise.all([settle(), settle()])
    const states = referrals.ofReferrer(ada.id, 10).map(({ state, why }) => why ?? state)
    expect(states.toSorted()).toEqual(["cap", "cap", "rewarded", "rewarded"])
    expect(has(ada)).toBe(credits(1_000))
  })

  test("while the card cannot be asked for nothing is decided", async () => {
    const ada = await person()
    const cleo = await brought(ada)
    const order = await buys(cleo, 10)
    const set = (charge: string) =>
      server.app.store.write(
        CTX,
        (tx) => void tx.run("UPDATE billing_orders SET charge_id = ? WHERE public_id = ?", charge, order),
      )
    await set("unreachable")
    await settle()
    expect(stateOf(ada, cleo)).toBe("joined")
    await set("ch_ok")
    await settle()
    expect(stateOf(ada, cleo)).toBe("rewarded")
  })

  test("off: no link leads to anything, and nobody is given anything", async () => {
    const ada = await person()
    await server.app.settings.set(CTX, REFERRAL_AMOUNT, { value: nano(0) })
    const cleo = await brought(ada)
    await buys(cleo, 10)
    await settle()
    expect([referrals.terms(), stateOf(ada, cleo), has(ada)]).toEqual([null, undefined, 0])
  })
})

describe("nobody brings themselves", () => {
  /** They come, and buy; what became of it. */
  async function outcome(by: User, email?: string, place?: Place, card?: string): Promise<string | undefined> {
    const user = await brought(by, email, place)
    await buys(user, 10, card)
    await settle()
    return stateOf(by, user)
  }

  test("with a plus in the address, with dots, or with both", async () => {
    const ada = await person("ada.lovelace@mail.example")
    expect(await outcome(ada, "ada.lovelace+two@mail.example")).toBe("address")
    expect(await outcome(ada, "adalovelace@mail.example")).toBe("address")
    expect(await outcome(ada, "a.d.a.lovelace+x+y@mail.example")).toBe("address")
    const bob = await person("bob.b@gmail.com")
    expect(await outcome(bob, "bobb@googlemail.com")).toBe("address")
    expect([has(ada), has(bob)]).toEqual([0, 0])
    expect(await outcome(ada, "adalovelace@other.example")).toBe("rewarded")
  })

  test("with the same card, of the referrer or of somebody else whom they brought", async () => {
    const ada = await person()
    const bob = await brought(ada)
    await buys(bob, 10, "one card")
    await settle()
    expect(stateOf(ada, bob)).toBe("rewarded")
    expect(await outcome(ada, undefined, undefined, "one card")).toBe("card")
    // Their own: known from when somebody brought them.
    expect(await outcome(bob, undefined, undefined, "one card")).toBe("card")
    expect(await outcome(ada, undefined, undefined, "another card")).toBe("rewarded")
  })

  test("from the same network, or the same device", async () => {
    const ada = await person()
    expect(await outcome(ada, undefined, { ...elsewhere(), ip: ada.place.ip })).toBe("network")
    expect(await outcome(ada, undefined, { ...elsewhere(), browserId: ada.place.browserId })).toBe("device")
    const six = { ip: "2001:db8:1:2::5", browserId: randomSecret() }
    const eve = await person(undefined, six)
    expect(await outcome(eve, undefined, { ...elsewhere(), ip: "2001:db8:1:2:ffff::9" })).toBe("network")
    // Another sign-in of the referrer there, between coming and buying.
    const late = await brought(ada)
    await logIn(server.app.identity, visitor(late.place), { email: ada.email, password: PASSWORD })
    await buys(late, 10)
    await settle()
    expect(stateOf(ada, late)).toBe("device")
    expect(has(ada)).toBe(0)
  })

  test("a member of a team of theirs, also when they become one before they buy", async () => {
    const ada = await person()
    const cleo = await brought(ada)
    await server.app.store.write(CTX, (tx) => {
      const { lastInsertRowid: team } = tx.run("INSERT INTO principals (kind, created_ms) VALUES ('team', 0)")
      tx.run(
        "INSERT INTO teams (id, public_id, name, created_ms) VALUES (?, ?, 'Team', 0)",
        team,
        `tea_${randomSecret(6)}`,
      )
      for (const [role, user] of [["owner", ada], ["viewer", cleo]] as const) // biome-ignore format: two members
        tx.run("INSERT INTO team_members (team_id, user_id, role, joined_ms) VALUES (?, ?, ?, 0)", team, user.id, role)
    })
    await buys(cleo, 10)
    await settle()
    expect([stateOf(ada, cleo), has(ada)]).toEqual(["team", 0])
  })

  test("by deleting an account and coming back as somebody new", async () => {
    const [ada, bob] = [await person(), await person("old.name@mail.example")]
    const gone = { id: bob.id, publicId: bob.publicId, email: bob.email, name: null }
    await server.app.store.write(CTX, (tx) => {
      expect(referrals.eraseIn(tx, gone)).toBeGreaterThan(0)
      expect(referrals.eraseIn(tx, gone)).toBe(0)
      tx.run("UPDATE users SET email = ? WHERE id = ?", `gone-${bob.id}@mail.example`, bob.id)
      tx.run("DELETE FROM sessions WHERE user_id = ?", bob.id)
    })
    expect(await outcome(ada, "oldname+again@mail.example")).toBe("returning")
    expect(await outcome(ada, undefined, { ...elsewhere(), browserId: bob.place.browserId })).toBe("returning")
    // A network alone is many people's.
    expect(await outcome(ada, undefined, { ...elsewhere(), ip: bob.place.ip })).toBe("rewarded")
  })

  test("two who bring each other: only who is new counts, and nobody above is brought by somebody below", async () => {
    const ada = await person()
    const bob = await brought(ada)
    const code = await linkOf(bob)
    await server.app.store.write(CTX, (tx) => referrals.followIn(tx, code, ada.place))
    const { id } = ada
    await server.app.store.write(
      CTX,
      (tx) => tx.run("UPDATE users SET created_ms = created_ms - ? WHERE id = ?", HOUR_MS, id) && undefined,
    )
    await server.app.store.write(CTX, (tx) => referrals.joinedIn(tx, id, ada.place))
    expect(referrals.ofReferrer(bob.id, 9)).toEqual([])
    // As if it had been missed: the chain itself says it.
    await server.app.store.write(CTX, (tx) => {
      tx.run(
        "INSERT INTO referrals (referrer_id, user_id, state, joined_ms) VALUES (?, ?, 'joined', 0)",
        bob.id,
        ada.id,
      )
    })
    await buys(ada, 10)
    await buys(bob, 10)
    await settle()
    expect([stateOf(bob, ada), stateOf(ada, bob)]).toEqual(["swapped", "swapped"])
    expect([has(ada), has(bob)]).toEqual([0, 0])
  })

  test("a chain of three that is one person: the third is held against the first", async () => {
    const ada = await person("chain@mail.example")
    const bob = await brought(ada)
    expect(await outcome(bob, "chain+three@mail.example")).toBe("address")
    expect(await outcome(bob, undefined, { ...elsewhere(), browserId: ada.place.browserId })).toBe("device")
    const cleo = await brought(bob)
    const [back] = [await brought(cleo, "c.h.a.i.n@mail.example")]
    await buys(back, 10)
    await settle()
    expect(stateOf(cleo, back)).toBe("address")
  })

  test("people of test mode neither bring nor are brought", async () => {
    const developer = await makeDeveloper(server.app)
    const ada = await person()
    const { user: made } = await server.app.identity.makeTestUser(CTX, developer.id)
    const place = elsewhere()
    const code = await linkOf(ada)
    await server.app.store.write(CTX, (tx) => referrals.followIn(tx, code, place))
    await server.app.store.write(CTX, (tx) => referrals.joinedIn(tx, made.id, place))
    const tester = server.app.identity.userById(made.id)!
    expect(stateOf(ada, tester)).toBe("test")
    expect(await outcome(tester)).toBe("test")
  })

  test("an account that was there before is nobody's, and a link counts once for a browser", async () => {
    const [ada, old] = [await person(), await person()]
    await server.app.store.write(
      CTX,
      (tx) => tx.run("UPDATE users SET created_ms = created_ms - ? WHERE id = ?", HOUR_MS, old.id) && undefined,
    )
    const code = await linkOf(ada)
    for (const user of [old, ada])
      await server.app.store.write(CTX, (tx) => {
        referrals.followIn(tx, code, user.place)
        referrals.joinedIn(tx, user.id, user.place)
      })
    expect(referrals.ofReferrer(ada.id, 9)).toEqual([])
    await server.app.store.write(CTX, (tx) => referrals.followIn(tx, "nobodys-link", old.place))
    const cleo = await brought(ada)
    const dora = await person(undefined, cleo.place)
    await server.app.store.write(CTX, (tx) => referrals.joinedIn(tx, dora.id, cleo.place))
    expect(referrals.ofReferrer(ada.id, 9)).toHaveLength(1)
  })
})
