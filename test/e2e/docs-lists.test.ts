// What the product has is documented: error codes, scopes, settings, commands, addresses. The lists of the code are held against the pages.
import { expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { ERRORS, SETTINGS } from "../../src/app/index.ts"
import { shownVerbs } from "../../src/cli/verbs.ts"
import { docsLists } from "../../src/compose/docs-lists.ts"
import { DECLARED } from "../../src/compose.ts"
import { APP_KEY_SCOPES } from "../../src/developers/index.ts"
import { KEY_SCOPES } from "../../src/keys/index.ts"
import { SCOPES } from "../../src/oauth/index.ts"
import { ALL_PAGES } from "../../src/sites/public/index.ts"
import { DOCS } from "./docs-examples.ts"

const page = (name: string): string => readFileSync(join(DOCS, `${name}.md`), "utf8")
/** First columns of the tables of a page. */
const firstColumn = (text: string): string[] => [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, cell]) => cell!)

test("each error code is told once, with its status, what it means and what to do", () => {
  const rows = [...page("reference/errors").matchAll(/^\| `([a-z_]+)` \| (\d{3}) \| (.+?) \| (.+) \|$/gm)]
  const told = rows.map(([, code, status]) => [code, Number(status)] as const)
  const known = Object.entries(ERRORS).map(([code, { status }]) => [code, status] as const)
  expect(told.toSorted()).toEqual(known.toSorted())
  for (const [, code, , meaning, advice] of rows)
    expect([code, meaning!.length > 8, advice!.length >= 4]).toEqual([code, true, true])
})

test("each scope and permission is told, and no other", () => {
  const told = firstColumn(page("reference/scopes"))
  expect(told.toSorted()).toEqual([...new Set([...SCOPES, ...KEY_SCOPES, ...APP_KEY_SCOPES])].toSorted())
})

test("each house setting is on the page that the server makes of them", () => {
  const text = docsLists.settings!()
  for (const { key, field } of DECLARED.settings) {
    expect(text).toContain(`\`${key}\``)
    expect(text).toContain(field.look.label.replaceAll("|", "\\|"))
  }
})

test("each command, and each setting of the process, is on the page of commands", () => {
  const text = page("reference/cli")
  for (const { words } of shownVerbs()) expect(text).toContain(`## purser ${words}\n`)
  for (const { env } of Object.values(SETTINGS)) expect(text).toContain(`\`${env}\``)
})

test("each address is on the page of addresses", () => {
  const told = new Set(firstColumn(docsLists.addresses!()))
  expect(ALL_PAGES.map(({ path }) => path).filter((path) => !told.has(path))).toEqual([])
})

test("each sample app is on its page, and says in its folder how it is started and deployed", () => {
  const examples = join(DOCS, "../examples")
  const folders = readdirSync(examples).toSorted()
  const started = [...page("reference/sample-apps").matchAll(/^\| `(\w+)` \| .+ \| .+ \| `.+` \|$/gm)].map(
    ([, name]) => name!,
  )
  expect(started.toSorted()).toEqual(folders)
  for (const name of folders) {
    const text = readFileSync(join(examples, name, "README.md"), "utf8")
    expect([name, text.includes("## Run\n"), text.includes("## Deploy\n")]).toEqual([name, true, true])
  }
})
