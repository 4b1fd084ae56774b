import { afterEach, beforeEach, expect, test } from "bun:test"
import { testCtx } from "../store/index.ts"
import { IDENTITY_LIMITS } from "./limits.ts"
import { type Opened, openIdentity, PASSWORD } from "./testing.ts"
import type { User } from "./types.ts"

let t: Opened
let ada: User
let eve: User
beforeEach(async () => {
  t = await openIdentity()
  ada = await t.identity.createUser(testCtx, { email: "ada@example.com", password: PASSWORD })
  eve = await t.identity.createUser(testCtx, { email: "eve@example.com", password: PASSWORD })
})
afterEach(() => t.close())

const page = "/admin/users"
const save = (user: User, name: string, query: string) =>
  t.identity.saveList(testCtx, { userId: user.id, page, name, query })
const names = (user: User) => t.identity.savedLists(user.id, page).map((list) => [list.name, list.query])

test("are by name, each person's own, of one page; the same name takes the new query", async () => {
  await save(ada, " Suspended  ", "status=suspended")
  await save(ada, "admins", "role=admin")
  await save(ada, "Suspended", "status=suspended&sort=name")
  await t.identity.saveList(testCtx, { userId: ada.id, page: "/admin/audit", name: "Money", query: "show=money" })
  expect(names(ada)).toEqual([
    ["admins", "role=admin"],
    ["Suspended", "status=suspended&sort=name"],
  ])
  expect(names(eve)).toEqual([])
})

test("are removed by their owner alone", async () => {
  await save(ada, "admins", "role=admin")
  const { id } = t.identity.savedLists(ada.id, page)[0]!
  const remove = (user: User) => t.identity.removeList(testCtx, { userId: user.id, id })
  await expect(remove(eve)).rejects.toThrow("gone already")
  expect(names(ada)).toHaveLength(1)
  expect(await remove(ada)).toMatchObject({ page, name: "admins" })
  await expect(remove(ada)).rejects.toThrow("gone already")
})

test("have a name, and are not too many", async () => {
  await expect(save(ada, " ", "")).rejects.toThrow("Enter a name.")
  await expect(save(ada, "x".repeat(41), "")).rejects.toThrow("Use at most 40 characters.")
  await expect(save(ada, "long", "q".repeat(1001))).rejects.toThrow("too long to keep")
  for (let n = 0; n < IDENTITY_LIMITS.savedListsMax; n++) await save(ada, `list ${n}`, "")
  await expect(save(ada, "one more", "")).rejects.toThrow("Remove one first.")
  await save(ada, "list 3", "q=new")
  expect(names(ada)).toHaveLength(IDENTITY_LIMITS.savedListsMax)
})
