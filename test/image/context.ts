// What `docker build` would send: the files of the tree that .dockerignore lets through.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

interface Rule {
  glob: Bun.Glob
  pattern: string
  isKept: boolean
}

/** @returns paths from the root of the tree, sorted */
export function contextFiles(tree: string): string[] {
  const rules = readFileSync(join(tree, ".dockerignore"), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map((line): Rule => {
      const pattern = line.replace(/^!/, "")
      return { pattern, glob: new Bun.Glob(pattern), isKept: line.startsWith("!") }
    })
  const found: string[] = []
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(tree, folder), { withFileTypes: true })) {
      const path = folder ? `${folder}/${entry.name}` : entry.name
      const isKept = keeps(rules, path)
      if (entry.isDirectory()) {
        if (isKept || rules.some((rule) => rule.isKept && rule.pattern.startsWith(`${path}/`))) walk(path)
      } else if (isKept) found.push(path)
    }
  }
  walk("")
  return found.toSorted()
}

/** The last rule that fits the path or a folder above it decides. */
function keeps(rules: readonly Rule[], path: string): boolean {
  const parts = path.split("/")
  const above = parts.map((_, at) => parts.slice(0, at + 1).join("/"))
  return rules.findLast(({ glob }) => above.some((one) => glob.match(one)))?.isKept ?? true
}
