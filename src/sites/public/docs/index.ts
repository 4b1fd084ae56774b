// The documentation's pages, and the same as plain text for programs that read.
import {
  DocsHubPage,
  type DocsPlace,
  type DocsResult,
  DocsSearchPage,
  DocsTextPage,
} from "../../../../views/public/docs/index.ts"
import { ensure, VERSION } from "../../../app/index.ts"
import { DOCS_LIMITS, type Doc, type DocHit, isDoc } from "../../../docs/index.ts"
import type { PublicDeps, PublicSite } from "../site.ts"
import { hrefOf, KIND_WORDS, nodesOf, partsOf, STARTS } from "./places.ts"
import { createRenderer } from "./render.ts"
import { fullText, listText, plainText, sourceOf } from "./texts.ts"

/** APIs, and apps, that are shown beside the pages. */
const PRODUCTS_MAX = 5
/** Nothing in it changes while the server runs but its addresses. */
const KEPT = { "cache-control": "public, max-age=300" }

export type DocsDeps = Pick<PublicDeps, "docs" | "docsEditUrl" | "listed" | "products" | "siteUrl">

export function docsRoutes(site: PublicSite, deps: DocsDeps): void {
  const { docs } = deps
  const render = createRenderer(docs)
  const around = (current: string) => ({ nodes: nodesOf(docs.tree, current), version: VERSION })

  site.get("/docs", (page) => {
    const starts = STARTS.flatMap((path) => placeOf(docs.page(path)) ?? [])
    const props = { ...around("/docs"), starts, parts: partsOf(docs.tree) }
    return page.render((frame) => DocsHubPage({ frame, ...props }))
  })

  site.get("/docs/search", async (page) => {
    const typed = new URL(page.request.url).searchParams.get("q") ?? ""
    const query = typed.trim().slice(0, DOCS_LIMITS.queryChars)
    const pages = docs.search(query).map(resultOf)
    const products = query === "" ? [] : (await deps.products(query)).slice(0, PRODUCTS_MAX)
    const apps = query === "" ? [] : deps.listed(query).slice(0, PRODUCTS_MAX)
    const props = { ...around("/docs/search"), query, pages, apps, products }
    return page.render((frame) => DocsSearchPage({ frame, ...props }))
  })

  site.get("/docs/:dockind/:doc", (page, { dockind, doc: name }) => {
    const isText = name.endsWith(".md")
    const doc = docs.page(`${dockind}/${isText ? name.slice(0, -".md".length) : name}`)
    ensure(doc, "not_found", "There is no such page. The documentation lists them all.")
    if (isText) return plainText(sourceOf(doc, deps.siteUrl, docs), "text/markdown")
    const all = docs.all()
    const at = all.indexOf(doc)
    const { html, headings } = render(doc)
    const edit = deps.docsEditUrl()
    const text = {
      title: doc.title,
      text: doc.text,
      section: doc.section,
      html,
      headings,
      kind: KIND_WORDS[doc.kind],
      sourceHref: `${hrefOf(doc.path)}.md`,
      editHref: edit === "" ? null : `${edit}${doc.file}`,
    }
    const props = { ...around(hrefOf(doc.path)), text, previous: placeOf(all[at - 1]), next: placeOf(all[at + 1]) }
    return page.render((frame) => DocsTextPage({ frame, ...props }))
  })

  site.open("/llms.txt", () => plainText(listText(docs, deps.siteUrl), "text/plain", KEPT))
  site.open("/llms-full.txt", () => plainText(fullText(docs, deps.siteUrl), "text/plain", KEPT))
}

const placeOf = (doc: Doc | null | undefined): DocsPlace | null =>
  doc ? { href: hrefOf(doc.path), title: doc.title, text: doc.text } : null

const resultOf = ({ path, title, heading, anchor, snippet }: DocHit): DocsResult => ({
  href: anchor === null ? hrefOf(path) : `${hrefOf(path)}#${anchor}`,
  title,
  heading: heading ?? "",
  snippet,
})

/** Every page of the documentation, by address. */
export const docsAddresses = ({ docs }: Pick<DocsDeps, "docs">): string[] => [
  "/docs",
  ...docs.tree.flatMap(({ pages }) => pages.filter(isDoc).map(({ path }) => hrefOf(path))),
]
