// Every pattern of the tree meets hostile text: growth must be linear, or one header or field of 20 kB stops the loop for
// everybody (ReDoS, CWE-1333). Growth is compared, not time, so that a slow machine does not matter.
import { expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import ts from "typescript"

const ROOT = join(import.meta.dir, "../..")
/** Repeated pieces that the classes of our patterns match; each is tried with and without something before it. */
const PUMPS = [
  " ",
  "\t",
  "\n",
  "a",
  "A",
  "0",
  ".",
  "-",
  "_",
  "/",
  "=",
  ",",
  ";",
  ":",
  "%",
  "@",
  "\\",
  '"',
  "'",
  "<",
  "a.",
  "0,",
]
const AFFIXES: [string, string][] = [
  ["", "\u0001"],
  ["a", "b"],
  ["application/json", "x"],
  ["bearer ", "!"],
  ["basic ", "!"],
  ["W/", "!"],
]
const SHORT = 1_500
const GROWTH = 8

interface Pattern {
  where: string
  make: () => RegExp
}

function patterns(): Pattern[] {
  return ["src", "views"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !/test-?kit|\.test\.|testing/.test(entry.name))
      .flatMap((entry) => patternsOf(join(entry.parentPath, entry.name))),
  )
}

function patternsOf(path: string): Pattern[] {
  const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true)
  const found: Pattern[] = []
  const walk = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf("/")
      const [body, flags] = [node.text.slice(1, end), node.text.slice(end + 1)]
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1
      // Without a repeat there is nothing to try again.
      if (/[+*{]/.test(body))
        found.push({ where: `${relative(ROOT, path)}:${line} ${node.text}`, make: () => new RegExp(body, flags) })
    }
    ts.forEachChild(node, walk)
  }
  walk(source)
  return found
}

function timeOf(pattern: RegExp, text: string): number {
  pattern.lastIndex = 0
  const startMs = performance.now()
  text.replace(pattern, "")
  return performance.now() - startMs
}

/** The least of three: what the machine does beside it only ever adds. */
const leastTimeOf = (pattern: RegExp, text: string): number => Math.min(...[1, 2, 3].map(() => timeOf(pattern, text)))

/** Eightfold text may take eightfold time; a square would be sixty-four. Below a millisecond nothing can be told, nor harmed. */
function growsTooFast(pattern: RegExp): boolean {
  return AFFIXES.some(([before, after]) =>
    PUMPS.some((pump) => {
      const textOf = (chars: number) => before + pump.repeat(Math.ceil(chars / pump.length)) + after
      const long = textOf(SHORT * GROWTH)
      if (timeOf(pattern, long) < 1) return false
      const longMs = leastTimeOf(pattern, long)
      return longMs > 1 && longMs / leastTimeOf(pattern, textOf(SHORT)) > GROWTH * 3
    }),
  )
}

test("a pattern that backtracks is found out", () => {
  expect(growsTooFast(/\s*;\s*/)).toBe(true)
  expect(growsTooFast(/\/+$/)).toBe(true)
  expect(growsTooFast(/^\s*;/)).toBe(false)
}, 60_000)

test("no pattern grows faster than its text", () => {
  const known = patterns()
  expect(known.length).toBeGreaterThan(60)
  expect(known.filter(({ make }) => growsTooFast(make())).map(({ where }) => where)).toEqual([])
}, 60_000)
