// Every act that is written to the audit log has its sentence. The acts are read from the types of all calls of `auditIn`, so that a
// new one cannot be forgotten, whatever way its name is made.
import { expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import ts from "typescript"
import { DECLARED } from "../compose/parts.ts"

const ROOT = join(import.meta.dir, "../..")

/** Names of acts; a call whose name the types do not tell is named itself. */
function actsWritten(): string[] {
  const paths = [...new Bun.Glob("src/**/*.ts").scanSync(ROOT)]
    .filter((path) => !/\.test\.ts$|testing/.test(path))
    .map((path) => join(ROOT, path))
    .filter((path) => readFileSync(path, "utf8").includes("auditIn("))
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: paths }, ts.sys, ROOT)
  const program = ts.createProgram(paths, options)
  const checker = program.getTypeChecker()
  const acts: string[] = []
  const visit = (node: ts.Node) => {
    if (ts.isCallExpression(node) && node.expression.getText() === "auditIn") {
      const entry = node.arguments[1]!
      const type = checker.getTypeAtLocation(entry).getProperty("action")
      const action = type && checker.getTypeOfSymbolAtLocation(type, entry)
      const property = ts.isObjectLiteralExpression(entry)
        ? entry.properties.find((each) => each.name?.getText() === "action")
        : undefined
      const value = property && ts.isPropertyAssignment(property) ? property.initializer : property?.name
      const exact = value ? checker.getTypeAtLocation(value) : action
      const kinds = exact?.isUnion() ? exact.types : exact ? [exact] : []
      for (const kind of kinds)
        acts.push(kind.isStringLiteral() ? kind.value : `not a literal: ${node.getText().slice(0, 80)}`)
    }
    ts.forEachChild(node, visit)
  }
  for (const path of paths) visit(program.getSourceFile(path)!)
  return [...new Set(acts)].toSorted()
}

test("every act has a sentence, and there is none for an act that nobody writes", () => {
  const written = actsWritten()
  expect(written.length).toBeGreaterThan(40)
  expect(Object.keys(DECLARED.sentences).toSorted()).toEqual(written)
}, 120_000)

test("a sentence is made of what is there, also of an entry that says nothing", () => {
  const what = { name: "<b>Ada</b>" }
  const who = { name: "grace@example.com" }
  for (const [action, sentence] of Object.entries(DECLARED.sentences)) {
    const facts = { who, what, by: "admin", before: {}, after: {} }
    const words = sentence
      .say(facts)
      .map((piece) => (typeof piece === "string" ? piece : piece.name))
      .join("")
    expect([action, words]).toEqual([action, expect.not.stringMatching(/undefined|null|NaN|\[object|\.$/)])
    expect(sentence.label).toMatch(/^[A-Z]/)
  }
})
