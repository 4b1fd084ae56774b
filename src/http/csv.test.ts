// Files of figures and of people are answered with one head: a site that writes its own would forget a part of it.
import { expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { csvHeaders } from "./csv.ts"

test("no cache keeps a file, and nothing but this makes its head", () => {
  expect(csvHeaders("use.csv")).toMatchObject({
    "cache-control": "no-store",
    "content-disposition": 'attachment; filename="use.csv"',
    "x-content-type-options": "nosniff",
  })
  expect(csvHeaders("use.csv")["content-type"]).toEndWith("header=present")
  expect(csvHeaders("use.csv", false)["content-type"]).toEndWith("header=absent")
  for (const typed of ['a"; filename="b.exe', "a\u0000b", "a\r\nset-cookie: x=y", "\ud83d", "день"]) {
    const headers = new Headers(csvHeaders(`use-${typed}.csv`))
    expect(headers.get("content-disposition")).toMatch(/^attachment; filename="use-[\w.-]+\.csv"$/)
  }
  const src = join(import.meta.dir, "..")
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((path) => /(?<!\.test)\.ts$/.test(path))
  const own = files.filter((path) => /["`]text\/csv; ?charset/.test(readFileSync(join(src, path), "utf8")))
  expect(own).toEqual(["http/csv.ts"])
})
