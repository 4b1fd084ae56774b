// API keys: made once, found by hash, in force or over on the next request, wherever the change came from.
import { afterEach, beforeEach, describe, expect, test } from "bun:test"
import { type AppError, DAY_MS, HOUR_MS, sha256Hex, UserId } from "../app/index.ts"
import { auditOf } from "../audit/index.ts"
import { testCtx } from "../store/index.ts"
import { KEY_LIMITS } from "./limits.ts"
import { openKeys } from "./testing.ts"

let t: Awaited<ReturnType<typeof openKeys>>
beforeEach(async () => {
  t = await openKeys()
})
afterEach(() => t.close())

const ref = (key: { publicId: string }, userId = 1) => ({ userId: UserId(userId), keyPublicId: key.publicId })
const refusal = async (act: Promise<unknown>) => act.then(() => null).catch((error: AppError) => error)

describe("a new key", () => {
  test("has 256 random bits and a checksum, and is at rest by its hash alone", async () => {
    const { secret, key } = await t.make({ name: " Nightly   report ", scopes: ["manage", "llm", "llm"] })
    expect(secret).toMatch(/^sk_live_[A-Za-z0-9_-]{43}[0-9a-f]{8}$/)
    expect(Bun.hash.crc32(secret.slice(0, -8)).toString(16).padStart(8, "0")).toBe(secret.slice(-8))
    expect(key).toMatchObject({
      name: "Nightly report",
      scopes: ["llm", "manage"],
      prefix: secret.slice(0, 12),
      mode: "live",
    })
    const stored = t.store.read.all<{ hash: string }>("SELECT hash, prefix FROM api_key_secrets")
    expect(stored.map((row) => row.hash)).toEqual([sha256Hex(secret)])
    const everything = ["api_keys", "api_key_secrets", "audit_log"].map((table) =>
      t.store.read.all(`SELECT * FROM ${table}`),
    )
    expect(JSON.stringify(everything)).not.toContain(secret.slice(12))
    expect(t.asks(secret)).toBe("alive")
    expect(t.mails).toEqual([
      { kind: "key_created", to: "p1@example.com", data: { name: "Nightly report", prefix: key.prefix } },
    ])
  })

  test("of test mode says so, and is listed beside the others, newest first", async () => {
    const first = await t.make()
    const second = await t.make({ mode: "test" })
    await t.make({ userId: UserId(2) })
    expect(second.secret).toStartWith("sk_test_")
    expect(t.keys.of(UserId(1)).map((key) => key.publicId)).toEqual([second.key.publicId, first.key.publicId])
    expect(t.keys.byPublicId(UserId(2), first.key.publicId)).toBeNull()
  })

  test("is checked field by field, all at once", async () => {
    const error = await refusal(
      t.make({ name: " ", scopes: ["llm", "root"], allowedIps: ["10.0.0.1", "10.1"], expiresMs: t.clock.now() }),
    )
    expect(Object.keys(error!.extra.formErrors!)).toEqual(["name", "scopes", "allowedIps", "expiresMs"])
    expect((await refusal(t.make({ scopes: [] })))!.extra.formErrors).toHaveProperty("scopes")
    expect(t.keys.of(UserId(1))).toEqual([])
  })

  test("is refused above the most that a person may have; revoked ones do not count", async () => {
    const made = []
    for (let count = 0; count < KEY_LIMITS.keysPerPersonMax; count++) made.push(await t.make())
    t.clock.advance(DAY_MS)
    expect((await refusal(t.make()))!.message).toContain("Revoke one first")
    await t.keys.revoke(testCtx, ref(made[0]!.key))
    expect((await t.make()).key.name).toBe("Server")
  })

  test("or a new secret is refused above the most of a day", async () => {
    const { key } = await t.make()
    for (let count = 1; count < KEY_LIMITS.secretsPerDayMax; count++)
      await t.keys.roll(testCtx, { ...ref(key), keepMs: 0 })
    for (const act of [t.make(), t.keys.roll(testCtx, { ...ref(key), keepMs: 0 })])
      expect((await refusal(act))!.message).toContain("tomorrow")
    t.clock.advance(DAY_MS)
    expect((await t.make()).key.name).toBe("Server")
  })
})

describe("in force on the next request, and inside a hold that looked before", () => {
  test("switched off and on again", async () => {
    const { secret, key } = await t.make()
    const before = t.keys.claimsOf(secret)
    await t.keys.setDisabled(testCtx, { ...ref(key), disabled: true })
    expect([t.asks(secret), await t.holds(before)]).toEqual(["api_key_disabled", "api_key_disabled"])
    await t.keys.setDisabled(testCtx, { ...ref(key), disabled: false })
    expect([t.asks(secret), await t.holds(before)]).toEqual(["alive", "alive"])
  })

  test("revoked for good, twice without harm", async () => {
    const { secret, key } = await t.make()
    const before = t.keys.claimsOf(secret)
    await t.keys.revoke(testCtx, ref(key))
    const again = await t.keys.revoke(testCtx, ref(key))
    expect(again).toMatchObject({ revokedMs: t.clock.now(), revokedBecause: "owner" })
    expect([t.asks(secret), await t.holds(before)]).toEqual(["api_key_revoked", "api_key_revoked"])
    t.restart()
    expect(t.asks(secret)).toBe("api_key_revoked")
    for (const act of [
      t.keys.setDisabled(testCtx, { ...ref(key), disabled: false }),
      t.keys.edit(testCtx, { ...ref(key), name: "Other" }),
      t.keys.roll(testCtx, { ...ref(key), keepMs: 0 }),
    ])
      expect((await refusal(act))!.code).toBe("conflict")
  })

  test("being revoked, which its maker is told once", async () => {
    const { secret, key } = await t.make()
    t.mails.length = 0
    await t.keys.revoke(testCtx, ref(key))
    await t.keys.revoke(testCtx, ref(key))
    expect(t.asks(secret)).toBe("api_key_revoked")
    expect(t.mails).toEqual([
      { kind: "key_revoked", to: "p1@example.com", data: { name: "Server", prefix: key.prefix } },
    ])
  })

  test("a change that was taken back changes nothing", async () => {
    const { secret, key } = await t.make()
    const undone = t.store.write(testCtx, (tx) => {
      t.keys.revokeIn(tx, ref(key))
      throw new Error("taken back")
    })
    await undone.catch(() => {})
    expect(t.asks(secret)).toBe("alive")
  })

  test("the day it expires, which may be put off", async () => {
    const { secret, key } = await t.make({ expiresMs: t.clock.now() + DAY_MS })
    const before = t.keys.claimsOf(secret)
    t.clock.advance(DAY_MS - 1)
    expect(t.asks(secret)).toBe("alive")
    t.clock.advance(1)
    expect([t.asks(secret), await t.holds(before)]).toEqual(["api_key_expired", "api_key_expired"])
    expect((await t.keys.edit(testCtx, { ...ref(key), name: "Renamed" })).expiresMs).toBe(key.expiresMs)
    await t.keys.edit(testCtx, { ...ref(key), expiresMs: null })
    expect([t.asks(secret), await t.holds(before)]).toEqual(["alive", "alive"])
  })

  test("permissions that were taken away", async () => {
    const { secret, key } = await t.make({ scopes: ["llm", "embeddings"] })
    const before = t.keys.claimsOf(secret)
    await t.keys.edit(testCtx, { ...ref(key), scopes: ["embeddings"] })
    expect([...t.keys.claimsOf(secret).scopes]).toEqual(["embeddings"])
    expect([await t.holds(before, "llm"), await t.holds(before, "embeddings")]).toEqual(["insufficient_scope", "alive"])
  })

  test("suspension of the person, and its end", async () => {
    const { secret } = await t.make()
    const before = t.keys.claimsOf(secret)
    t.people.suspended.add(1)
    expect([t.asks(secret), await t.holds(before)]).toEqual(["account_suspended", "account_suspended"])
    t.people.suspended.clear()
    expect(t.asks(secret)).toBe("alive")
  })
})

describe("addresses", () => {
  const from = (secret: string, ...addresses: string[]) => addresses.map((address) => t.asks(secret, address))

  test("a key works from its ranges only, IPv4 inside IPv6 included", async () => {
    const { secret, key } = await t.make({
      allowedIps: [" 203.0.113.7 ", "10.1.2.3/8", "2001:db8::5/32", "", "10.0.0.0/8"],
    })
    expect(key.allowedIps).toEqual(["203.0.113.7", "10.0.0.0/8", "2001:db8::/32"])
    expect(from(secret, "203.0.113.7", "::ffff:203.0.113.7", "10.255.0.1", "2001:db8:ffff::1")).toEqual(
      Array(4).fill("alive"),
    )
    expect(from(secret, "203.0.113.8", "11.0.0.1", "2001:db9::1", "", "nonsense")).toEqual(
      Array(5).fill("api_key_address_denied"),
    )
  })

  test("without a list nobody asks where a request came from", async () => {
    const { secret } = await t.make()
    const asked = () => {
      throw new Error("costs a system call")
    }
    t.keys.assertAlive(t.keys.claimsOf(secret), asked)
  })

  test("what is no plain address or range is refused", async () => {
    for (const wrong of [
      "10.1",
      "0x0a000001",
      "1.2.3.4/33",
      "1.2.3.4/",
      "::1/129",
      "fe80::1%eth0",
      "example.com",
      "1.2.3.4 5.6.7.8",
    ])
      expect([wrong, (await refusal(t.make({ allowedIps: [wrong] })))?.extra.formErrors]).toEqual([
        wrong,
        { allowedIps: expect.stringContaining(wrong.slice(0, 60)) },
      ])
  })
})

test("a text that is no key of ours is refused without a read; a look-alike with a right checksum after one", async () => {
  const { secret } = await t.make()
  const flipped = secret.slice(0, 20) + (secret[20] === "A" ? "B" : "A") + secret.slice(21)
  const body = `sk_live_${"A".repeat(43)}`
  const alike = `${body}${Bun.hash.crc32(body).toString(16).padStart(8, "0")}`
  for (const wrong of [
    flipped,
    alike,
    "sk_",
    "sk_live_",
    `${secret}0`,
    secret.replace("live", "test"),
    "sk_".repeat(1_000),
  ])
    expect([wrong, t.asks(wrong)]).toEqual([wrong, "invalid_api_key"])
  expect([t.keys.isKey("sk_x"), t.keys.isKey("eyJhbGciOi"), t.keys.isKey("")]).toEqual([true, false, false])
})

describe("a roll", () => {
  test("gives a new secret, and ends the one before at once or after a while", async () => {
    const { secret, key } = await t.make()
    const second = await t.keys.roll(testCtx, { ...ref(key), keepMs: HOUR_MS })
    expect(second.key).toMatchObject({
      id: key.id,
      publicId: key.publicId,
      prefix: second.secret.slice(0, 12),
      ending: { prefix: secret.slice(0, 12), endsMs: t.clock.now() + HOUR_MS },
    })
    expect([t.asks(secret), t.asks(second.secret)]).toEqual(["alive", "alive"])
    const before = t.keys.claimsOf(secret)
    const third = await t.keys.roll(testCtx, { ...ref(key), keepMs: 0 })
    const asked = [secret, second.secret, third.secret].map((one) => t.asks(one))
    expect(asked).toEqual(["api_key_revoked", "api_key_revoked", "alive"])
    expect(await t.holds(before)).toBe("api_key_revoked")
    expect(third.key.ending).toBeNull()
  })

  test("never lets the old one work for longer than a deployment takes", async () => {
    const { secret, key } = await t.make()
    await t.keys.roll(testCtx, { ...ref(key), keepMs: 365 * DAY_MS })
    t.clock.advance(KEY_LIMITS.rollKeepMsMax)
    expect(t.asks(secret)).toBe("api_key_revoked")
  })
})

test("another person's key is not there, whatever is done to it", async () => {
  const { secret, key } = await t.make()
  for (const act of [
    t.keys.edit(testCtx, { ...ref(key, 2), name: "Mine" }),
    t.keys.setDisabled(testCtx, { ...ref(key, 2), disabled: true }),
    t.keys.revoke(testCtx, ref(key, 2)),
    t.keys.roll(testCtx, { ...ref(key, 2), keepMs: 0 }),
  ])
    expect((await refusal(act))!.code).toBe("not_found")
  expect(t.asks(secret)).toBe("alive")
})

describe("keys of admins", () => {
  test("only an admin makes one, and it counts only while they are", async () => {
    expect((await refusal(t.make({ scopes: ["admin:plans"] })))!.extra.formErrors).toHaveProperty("scopes")
    t.people.admins.add(1)
    const { secret, key } = await t.make({ scopes: ["admin:plans"] })
    const admin = (scope: "admin:plans" | "admin:credits") => {
      try {
        t.keys.requireAdmin(t.keys.claimsOf(secret), scope)
        return "allowed"
      } catch (error) {
        return (error as AppError).code
      }
    }
    expect([admin("admin:plans"), admin("admin:credits")]).toEqual(["allowed", "insufficient_scope"])
    t.people.admins.clear()
    expect(admin("admin:plans")).toBe("forbidden")
    expect((await refusal(t.keys.edit(testCtx, { ...ref(key), name: "Other" })))!.extra.formErrors).toHaveProperty(
      "scopes",
    )
    expect((await t.keys.edit(testCtx, { ...ref(key), scopes: ["llm"] })).scopes).toEqual(["llm"])
  })
})

describe("a report", () => {
  const report = (...tokens: string[]) =>
    t.keys.report(
      testCtx,
      tokens.map((token) => ({ token, url: "https://x.example/y" })),
    )

  test("revokes a live key, tells its owner once, and answers nothing", async () => {
    const { secret, key } = await t.make()
    t.mails.length = 0
    expect(await report("nonsense", secret, secret)).toBeUndefined()
    expect(t.asks(secret)).toBe("api_key_revoked")
    expect(t.keys.byPublicId(UserId(1), key.publicId)).toMatchObject({ revokedBecause: "reported" })
    await report(secret)
    expect(t.mails).toEqual([
      { kind: "key_reported", to: "p1@example.com", data: { name: "Server", prefix: key.prefix, isWhole: true } },
    ])
    const [entry] = auditOf(t.store.read, key.publicId)
    expect([entry!.action, JSON.parse(entry!.after!)]).toEqual([
      "key.reported",
      { url: "https://x.example/y", revoked: "key" },
    ])
  })

  test("one that is switched off ends too; one that is over is left as it is", async () => {
    const off = await t.make()
    await t.keys.setDisabled(testCtx, { ...ref(off.key), disabled: true })
    const expired = await t.make({ expiresMs: t.clock.now() + 1 })
    t.clock.advance(1)
    t.mails.length = 0
    await report(off.secret, expired.secret)
    expect(t.mails.map(({ kind }) => kind)).toEqual(["key_reported"])
    expect([t.asks(off.secret), t.asks(expired.secret)]).toEqual(["api_key_revoked", "api_key_expired"])
  })

  test("a secret that was rolled ends alone", async () => {
    const { secret, key } = await t.make()
    const next = await t.keys.roll(testCtx, { ...ref(key), keepMs: DAY_MS })
    await report(secret)
    expect([t.asks(secret), t.asks(next.secret)]).toEqual(["api_key_revoked", "alive"])
    expect(t.mails.at(-1)!.data).toMatchObject({ isWhole: false })
  })
})

test("the last use is seen at once, written now and then, and survives a restart", async () => {
  const { secret, key } = await t.make()
  const used = () => t.keys.byPublicId(UserId(1), key.publicId)!.lastUsedMs
  expect(used()).toBeNull()
  const commits = t.store.stats.commits
  for (let call = 0; call < 100; call++) t.asks(secret)
  expect(used()).toBe(t.clock.now())
  expect(t.store.stats.commits).toBe(commits)
  expect(await t.keys.flushUses()).toBe(1)
  expect(await t.keys.flushUses()).toBe(0)
  t.restart()
  expect(used()).toBe(t.clock.now())
  // A refused request is no use.
  t.clock.advance(HOUR_MS)
  await t.keys.revoke(testCtx, ref(key))
  t.asks(secret)
  expect(used()).toBe(t.clock.now() - HOUR_MS)
})
