// Markdown of ours as safe HTML, each page once: it is the same for everybody.
import { type MarkdownView, markdown } from "../../../../views/ui/index.ts"
import { type Doc, type Docs, fileOf, pathOfFile, withLinks } from "../../../docs/index.ts"
import { hrefOf } from "./places.ts"

/** The executable carries a hundred pages; what it renders of them is a few megabytes. */
export function createRenderer(docs: Pick<Docs, "page">): (doc: Doc) => MarkdownView {
  const known = new Map<string, MarkdownView>()
  return (doc) => {
    const before = known.get(doc.path)
    if (before) return before
    const view = markdown(
      withLinks(doc.source, (address) => linkOf(docs, doc.file, address)),
      "ours",
      "doc",
    )
    known.set(doc.path, view)
    return view
  }
}

/** Between pages; what leads to other files of the source leads nowhere here, and only its words are shown. */
export function linkOf(docs: Pick<Docs, "page">, from: string, address: string): string {
  const to = fileOf(from, address)
  if (!to) return address
  if (to.file === "docs/README.md") return "/docs"
  if (to.file === "CHANGELOG.md") return `${hrefOf("reference/changelog")}${to.hash}`
  const path = pathOfFile(to.file)
  return path && docs.page(path) ? `${hrefOf(path)}${to.hash}` : address
}
