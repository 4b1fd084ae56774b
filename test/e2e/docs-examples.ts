// The examples of docs/: every fenced block, with its language and the page it stands on.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"

export const DOCS = join(import.meta.dir, "../../docs")
export const DOC_KINDS = ["tutorials", "how-to", "reference", "explanation"] as const

export interface Fence {
  /** "how-to/install 3": the third block of the page. */
  name: string
  language: string
  code: string
}

export function fences(): Fence[] {
  return DOC_KINDS.flatMap((kind) => readdirSync(join(DOCS, kind)).map((file) => `${kind}/${file}`))
    .toSorted()
    .flatMap((path) => {
      const source = readFileSync(join(DOCS, path), "utf8")
      return [...source.matchAll(/^( *)```(\w*)[^\n]*\n([\s\S]*?)^ *```/gm)].map(
        ([, indent = "", language = "", code = ""], index) => ({
          name: `${path.replace(/\.md$/, "")} ${index + 1}`,
          language,
          code: code.replace(new RegExp(`^${indent}`, "gm"), ""),
        }),
      )
    })
}
