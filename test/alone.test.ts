import { expect, test } from "bun:test"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { filesOfFailures, isTriedAgain, TRIED_AGAIN } from "./alone.ts"

/** What is right each time, or wrong. */
const AT_ONCE = [
  ..."ledger billing payouts marketplace pricing plans metering sponsors spending identity oauth keys vault privacy store teams"
    .split(" ")
    .map((folder) => `src/${folder}`),
  ..."attacks billing books marketplace simulator privacy".split(" ").map((folder) => `test/${folder}`),
]

test("what counts money and what is security as such fails at once; what stands on servers and clocks is tried again", () => {
  const file = (folder: string) => `${folder}/deep/some.test.ts`
  expect(AT_ONCE.filter((folder) => isTriedAgain(file(folder)))).toEqual([])
  const again = ["test/e2e", "test/clients", "test/mcp", "test/conformance", "test/tools", "test/browser"]
  const ofSources = ["src/http", "src/jobs", "src/sites/api", "src/observe", "src/usage"]
  expect([...again, ...ofSources].filter((folder) => !isTriedAgain(file(folder)))).toEqual([])
  // Neither a name that begins alike, nor the root.
  expect(["src/application/a.test.ts", "test/e2etc/a.test.ts", "test/tables.test.ts"].filter(isTriedAgain)).toEqual([])
})

test("every folder that is named, one way or the other, is there", () => {
  const folders = [...AT_ONCE, ...TRIED_AGAIN]
  expect(folders.filter((folder) => !existsSync(join(import.meta.dir, "..", folder)))).toEqual([])
})

test("failures are counted by file, once, though the names are repeated at the end", () => {
  const output = [
    "test/e2e/a.test.ts:",
    "(pass) one [1.00ms]",
    "(fail) two [1.00ms]",
    "(fail) three [1.00ms]",
    "",
    "src/ledger/b.test.ts:",
    "(fail) four [1.00ms]",
    "",
    "3 tests failed:",
    "(fail) two [1.00ms]",
  ].join("\n")
  expect([...filesOfFailures(output)]).toEqual([
    ["test/e2e/a.test.ts", 2],
    ["src/ledger/b.test.ts", 1],
  ])
})
