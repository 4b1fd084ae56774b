// What nobody uses is not kept: values that a file exports and no other file names, and limits that no code asks.
import { expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"

const ROOT = join(import.meta.dir, "..")
const FOLDERS = ["src", "views", "test", "bench", "examples"]

const filesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.parentPath.includes("node_modules"))
    .map((entry) => join(entry.parentPath, entry.name))

/** Without comments, and without lines that only hand a name on. */
const codeOf = (text: string): string =>
  text
    .replace(/^\s*\/\*\*[\s\S]*?\*\//gm, "")
    .replace(/^\s*\/\/.*$/gm, "")
    .replace(/^export (?:type )?\{[^}]*\} from "[^"]*"$/gm, "")

const isTest = (path: string): boolean => /\.test\.tsx?$|(^|[/.-])testing\.tsx?$/.test(path)

const code = new Map(FOLDERS.flatMap(filesIn).map((path) => [relative(ROOT, path), codeOf(readFileSync(path, "utf8"))]))
const product = [...code].filter(([path]) => /^(src|views)\//.test(path) && !isTest(path))

/** Files that name a word. */
const namedIn = new Map<string, Set<string>>()
for (const [path, text] of code)
  for (const word of new Set(text.match(/[A-Za-z_$][\w$]*/g)))
    namedIn.set(word, (namedIn.get(word) ?? new Set()).add(path))

/** Tables are read whole, by the test that compares them with the schema. */
const isReadWhole = (path: string): boolean => /(^|\/)tables(-[a-z]+)?\.ts$/.test(path)

test("a value that is exported is named in another file", () => {
  // Letters are counted against those of the parts (compose/parts.test).
  const exported = /^export (?:async )?(?:function\*?|const|let|class) ([A-Za-z_$][\w$]*)(?!: Letter<|[\w$])/gm
  const unused = product
    .filter(([path]) => !isReadWhole(path))
    .flatMap(([path, text]) => [...text.matchAll(exported)].map((match) => ({ path, name: match[1]! })))
    .filter(({ path, name }) => ![...(namedIn.get(name) ?? [])].some((file) => file !== path))
    .map(({ path, name }) => `${path}: ${name}`)
  expect(unused).toEqual([])
})

test("a limit is asked somewhere", () => {
  const declared = /^export const ([A-Z_]*LIMITS) = \{\n([\s\S]*?)\n\}/gm
  const unused = product.flatMap(([path, text]) =>
    [...text.matchAll(declared)].flatMap(([whole, name = "", body = ""]) => {
      const users = product
        .filter(([file]) => namedIn.get(name)!.has(file))
        .map(([file, one]) => (file === path ? one.replace(whole, "") : one))
      return [...body.matchAll(/^ {2}(\w+):/gm)]
        .filter(([, key]) => !users.some((one) => new RegExp(`[.{,]\\s*${key}\\b`).test(one)))
        .map(([, key]) => `${path}: ${name}.${key}`)
    }),
  )
  expect(unused).toEqual([])
})
