// The order inside the ledger: a folder imports only from its left, and none of them knows how verbs are handed out.
import { expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"

const ORDER = [
  "books",
  "charges",
  "lots",
  "earnings",
  "holds",
  "sales",
  "sponsor",
  "claims",
  "wallet",
  "money",
  "corrections",
  "proof",
  "archive",
]
const HERE = import.meta.dir

const sources = readdirSync(HERE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !/[/.](test|testing)\.ts$/.test(`/${entry.name}`))
  .map((entry) => relative(HERE, join(entry.parentPath, entry.name)))
const folderOf = (path: string): string => (path.includes("/") ? path.split("/")[0]! : "")

test("every folder of the ledger is in the order", () => {
  expect([...new Set(sources.map(folderOf))].filter((name) => name !== "" && !ORDER.includes(name))).toEqual([])
})

test("the top of the ledger is its door and its part alone", () => {
  expect(sources.filter((path) => folderOf(path) === "")).toEqual(["index.ts", "part.ts"])
})

test("inside the ledger a folder imports only from its left, and nothing from the top", () => {
  const wrong = sources
    .filter((from) => folderOf(from) !== "")
    .flatMap((from) =>
      [...readFileSync(join(HERE, from), "utf8").matchAll(/from "(\.[^"]+)"/g)]
        .map((match) => relative(HERE, resolve(HERE, dirname(from), match[1]!)))
        .filter((to) => !to.startsWith("..") && folderOf(to) !== folderOf(from))
        .filter((to) => folderOf(to) === "" || ORDER.indexOf(folderOf(to)) > ORDER.indexOf(folderOf(from)))
        .map((to) => `${from} → ${to}`),
    )
  expect(wrong).toEqual([])
})
