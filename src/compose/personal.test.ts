// Every table with rows of people is answered for: what becomes of it when its person is erased, and where they get it.
import { afterAll, beforeAll, expect, test } from "bun:test"
import type { Lifecycle } from "../part/index.ts"
import { openTestStore, type Store } from "../store/index.ts"
import { DECLARED, PARTS } from "./parts.ts"
import { READERS } from "./readers.ts"

/** By its name a column says whose row it is, or holds words of a person. */
const OF_PEOPLE =
  /(^|_)(user|owner|principal|developer|caller|payer|account|customer|key)_id$|^(email|ip|user_agent|actor|on_behalf_of|used_by|looked_by|payload|document)$|^user$/

/** Tables with such a column that are about nobody, each with its reason. A table of people belongs into its domain's `personal`. */
const ABOUT_NOBODY: Readonly<Record<string, string>> = {
  announcements: "client_id: whose people are told, and through_user_id: how far that is; nobody is named",
  spending_letters: "through_user_id: how far the letter about a month went; nobody is named",
  users_search: "an index of users, written by its triggers",
  backup_proofs: "actor: who asked for a proof of the backup, by public id",
  restores: "looked_by: which admin let a restored house go on, by public id",
  billing_prices: "account_id: the operator's account at the payment service",
  billing_portals: "account_id: the operator's account at the payment service",
  model_prices: "actor: who set a price of the house, by public id",
}

let store: Store
let close: () => Promise<void>
beforeAll(async () => {
  ;({ store, close } = await openTestStore())
})
afterAll(() => close())

const answers = PARTS.flatMap((part) =>
  Object.entries(part.personal?.tables ?? {}).map(([table, answer]) => ({ part: part.name, table, ...answer })),
)

test("a table with a column of people is in exactly one domain's answer, or says why it is about nobody", () => {
  const columns = store.read.all<{ name: string; column: string }>(
    `SELECT m.name AS name, c.name AS column FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'`,
  )
  const ofPeople = new Set(columns.filter(({ column }) => OF_PEOPLE.test(column)).map(({ name }) => name))
  // The rule must not become empty when somebody renames a column.
  expect(ofPeople.size).toBeGreaterThan(50)
  const answered = answers.map(({ table }) => table)
  expect(answered.filter((table, at) => answered.indexOf(table) !== at)).toEqual([])
  expect([...ofPeople].filter((table) => !answered.includes(table) && !ABOUT_NOBODY[table]).toSorted()).toEqual([])
  const real = new Set(columns.map(({ name }) => name))
  expect([...answered, ...Object.keys(ABOUT_NOBODY)].filter((table) => !real.has(table))).toEqual([])
  expect(Object.keys(ABOUT_NOBODY).filter((table) => answered.includes(table) || !ofPeople.has(table))).toEqual([])
})

test("what stays and what is not exported says why, and every file that is named is one", () => {
  const files = DECLARED.files.map(({ name }) => name)
  const wrong = answers.flatMap(({ part, table, erased, exported }) => [
    ...(typeof erased === "object" && erased.stays.length < 15 ? [`${part} ${table}: why it stays`] : []),
    ...(typeof exported === "object" && exported.not.length < 8 ? [`${part} ${table}: why it is not exported`] : []),
    ...(typeof exported === "string" && !files.includes(exported) ? [`${part} ${table}: no file ${exported}`] : []),
  ])
  expect(wrong).toEqual([])
})

test("every file can be asked for, is about one person, and says what it holds", () => {
  for (const { name, what, sql } of DECLARED.files) {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*(\.csv|\.json|\/)$/)
    expect(what).toMatch(/^[A-Z].*\.$/)
    expect([name, store.read.all(sql, 1, -1, 10)]).toEqual([name, []])
    expect(sql).toContain("?1")
    // Of two columns of one name a row has the last alone.
    expect(sql).toMatch(/^SELECT ([\w.* +]+ AS place,|\* FROM \(SELECT row_number\(\) OVER \([^)]+\) AS place,)/)
  }
  expect(DECLARED.files.length).toBeGreaterThan(20)
})

test("whoever has rows of people answers their erasure, and what is deleted or emptied is done by a hook", () => {
  const never = new Proxy({} as never, { get: () => ({}) })
  const wrong = PARTS.filter((part) => part.personal).flatMap((part) => {
    const erased: Lifecycle["erased"] | undefined = part.run?.(never)?.lifecycle?.erased
    const changes = Object.values(part.personal?.tables ?? {}).some((table) => typeof table.erased === "string")
    return typeof erased === "function" || (erased && !changes) ? [] : [part.name]
  })
  expect(wrong).toEqual([])
})

test("the read Worker knows the files of every part", () => {
  const known = READERS.flatMap((part) => part.personal?.files ?? [])
  expect(known).toEqual([...DECLARED.files])
})
