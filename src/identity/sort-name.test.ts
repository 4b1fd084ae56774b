// Names sort as people read them, and every way to write one keeps its place in the order.
import { expect, test } from "bun:test"
import { testCtx } from "../store/index.ts"
import { sortName } from "./sort-name.ts"
import { openIdentity, PASSWORD } from "./testing.ts"

test("case and accents make no difference, numbers go by their size, other alphabets follow", () => {
  const names = [
    "Zoë",
    "élodie",
    "Eve",
    "Ådne",
    "adam",
    "Room 10",
    "Room 9",
    "Øyvind",
    "Olaf",
    "Straße",
    "Strasse 2",
    "مها",
    "Ølga",
  ]
  const sorted = names.toSorted((a, b) => (sortName(a) < sortName(b) ? -1 : 1))
  expect(sorted).toEqual([
    "adam",
    "Ådne",
    "élodie",
    "Eve",
    "Olaf",
    "Ølga",
    "Øyvind",
    "Room 9",
    "Room 10",
    "Straße",
    "Strasse 2",
    "Zoë",
    "مها",
  ])
})

test("what the longest name folds into fits the address of a place", () => {
  expect(sortName("ﷺ".repeat(80)).length).toBeLessThanOrEqual(120)
  expect(sortName("1a".repeat(40)).length).toBeLessThanOrEqual(120)
})

test("every way to write a name writes its place; names from before get theirs when the server starts", async () => {
  const t = await openIdentity()
  const stored = () => t.store.read.get<{ s: string | null }>("SELECT sort_name AS s FROM users")?.s
  const user = await t.identity.createUser(testCtx, { email: "ada@example.com", password: PASSWORD, name: "Éva" })
  expect(stored()).toBe("eva")
  await t.identity.setName(testCtx, { userId: user.id, name: "Åsa" })
  expect(stored()).toBe("asa")
  await t.store.write(testCtx, (tx) => tx.run("UPDATE users SET sort_name = NULL"))
  expect(await t.identity.sortNames(testCtx, 1)).toBe(1)
  expect(await t.identity.sortNames(testCtx, 1)).toBe(0)
  expect(stored()).toBe("asa")
  await t.identity.setName(testCtx, { userId: user.id, name: "" })
  expect(stored()).toBeNull()
  await t.close()
})
