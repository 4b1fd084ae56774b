// The registry against the code that emits, and the documents that are made of it.
import { expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { EVENT_TYPES, TEST_EVENT } from "./index.ts"
import { MARK, webhookReference } from "./reference.ts"

const SRC = join(import.meta.dir, "..")

/** Kinds that a part emits which is not written yet, each with the issue that brings it; an entry goes when it does. */
const TO_COME = new Set<string>([])

const sources = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !/test|testing/.test(path) && !path.startsWith("webhooks/events"))
  .map((path) => ({ path, text: readFileSync(join(SRC, path), "utf8") }))
  .filter(({ text }) => /\bemitIn\(|emit\w*In\(/.test(text))

test("every kind of the registry is emitted somewhere, and nothing is emitted that is not in it", () => {
  expect(sources.length).toBeGreaterThan(10)
  const silent = EVENT_TYPES.filter(
    (type) => type !== TEST_EVENT && !sources.some(({ text }) => text.includes(`"${type}"`)),
  )
  expect(silent.filter((type) => !TO_COME.has(type))).toEqual([])
  const named = sources.flatMap(({ text }) =>
    [...text.matchAll(/\bemitIn\(tx, \{\s*type: "([^"]+)"/g)].map((found) => found[1]!),
  )
  expect(named.length).toBeGreaterThan(8)
  expect(named.filter((type) => !(EVENT_TYPES as string[]).includes(type))).toEqual([])
})

test("the reference says what the registry says; else: bun test/tools/webhook-reference.ts", () => {
  const page = readFileSync(join(SRC, "../docs/reference/webhooks.md"), "utf8")
  expect(page).toContain(MARK)
  expect(webhookReference(page)).toBe(page)
})
