// The door of `docs`: the documentation that the executable carries, its tree, its pages as they are read on this server, and the search in them.
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { DOCS_LIMITS } from "./limits.ts"
import { isDoc, partsOf, soughtOf, treeOf } from "./rules.ts"
import { type DocsIndex, openIndex } from "./store.ts"
import type { Doc, DocHit, DocKind, DocsDeps, DocsSection } from "./types.ts"

export { DOCS_LIMITS } from "./limits.ts"
export { docsPart } from "./part.ts"
export { fileOf, isDoc, pathOfFile, withLinks } from "./rules.ts"
export { EDIT_URL } from "./settings.ts"
export type * from "./types.ts"

/** What examples in the files call a server; on a server they name itself. */
const EXAMPLE = /https:\/\/ai\.example\.com(?=(\/(?:v1|api|m)\b)?)/g
/** Written by hand beside the folder, and read as one of its pages. */
const CHANGELOG = "reference/changelog"

export interface Docs {
  readonly tree: readonly DocsSection[]
  /** In the order of the tree. */
  all(): readonly Doc[]
  page(path: string): Doc | null
  search(query: string): DocHit[]
}

export function createDocs({ folder, origins, changelog, lists, idsOf }: DocsDeps): Docs {
  const tree = treeOf(readFileSync(join(folder, "README.md"), "utf8"))
  let known: ReadonlyMap<string, Doc> | undefined
  let index: DocsIndex | undefined

  const sourceOf = (path: string): string => {
    const text = path === CHANGELOG ? changelog : readFileSync(join(folder, `${path}.md`), "utf8")
    return text
      .replace(/<!-- list: ([a-z-]+) -->/g, (_, name: string) => listNamed(lists, name))
      .replace(EXAMPLE, (_, call?: string) => (call === undefined ? origins.auth : origins.api))
  }
  /** Read with the first page that is asked for, then kept: half a megabyte. */
  const docs = (): ReadonlyMap<string, Doc> => {
    known ??= new Map(
      tree.flatMap(({ title: section, pages }) =>
        pages.filter(isDoc).map((link): [string, Doc] => {
          const kind = link.path.split("/")[0] as DocKind
          const file = link.path === CHANGELOG ? "CHANGELOG.md" : `docs/${link.path}.md`
          return [link.path, { ...link, kind, section, file, source: sourceOf(link.path) }]
        }),
      ),
    )
    return known
  }

  return {
    tree,
    all: () => [...docs().values()],
    page: (path) => docs().get(path) ?? null,
    search(query) {
      const sought = soughtOf(query, { charsMax: DOCS_LIMITS.queryChars, wordsMax: DOCS_LIMITS.words })
      if (!sought) return []
      index ??= openIndex([...docs().values()].flatMap((doc) => indexed(doc, idsOf)))
      return index.search(sought)
    },
  }
}

function listNamed(lists: DocsDeps["lists"], name: string): string {
  const list = lists[name]
  if (!list) throw new Error(`docs: there is no list ${name}`)
  return list()
}

function indexed({ path, title, text: about, source }: Doc, idsOf: DocsDeps["idsOf"]) {
  const parts = partsOf(source)
  const ids = idsOf(parts.flatMap(({ heading }) => heading ?? []))
  return parts.map(({ heading, text }, at) => {
    // Only the first part has no heading.
    const anchor = heading === null ? null : (ids[at - 1] ?? null)
    return { path, title, about, heading, text, anchor }
  })
}
