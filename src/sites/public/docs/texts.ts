// The documentation as text: a page as Markdown, and what llmstxt.org asks for. Links are whole addresses, since texts travel.
import { type Doc, type Docs, isDoc, withLinks } from "../../../docs/index.ts"
import { hrefOf } from "./places.ts"
import { linkOf } from "./render.ts"

export const plainText = (text: string, type: "text/plain" | "text/markdown", headers?: Record<string, string>) =>
  new Response(text, { headers: { "content-type": `${type}; charset=utf-8`, ...headers } })

/** Links lead to the Markdown of other pages. */
export function sourceOf(doc: Doc, siteUrl: string, docs: Docs): string {
  return withLinks(doc.source, (address) => {
    const to = linkOf(docs, doc.file, address)
    if (!to.startsWith("/")) return to
    const [path = "", hash] = to.split("#")
    const file = path.startsWith("/docs/") ? `${path}.md` : path
    return `${siteUrl}${file}${hash === undefined ? "" : `#${hash}`}`
  })
}

const ABOUT =
  "One sign-in and one credit balance for AI apps: OAuth 2.1 and OpenID Connect, an OpenAI-compatible gateway charged to the person who signed in, a marketplace of APIs, exact books."

/** llmstxt.org: a title, a summary, and lists of links. */
export const listText = (docs: Docs, siteUrl: string): string =>
  [
    "# Purser",
    "",
    `> ${ABOUT}`,
    "",
    ...docs.tree.flatMap(({ title, pages }) => [
      `## ${title}`,
      "",
      ...pages.map((page) => {
        const address = isDoc(page) ? `${hrefOf(page.path)}.md` : page.href
        return `- [${page.title}](${siteUrl}${address})${page.text === "" ? "" : `: ${page.text}`}`
      }),
      "",
    ]),
  ].join("\n")

/** Every page, one after the other. */
export const fullText = (docs: Docs, siteUrl: string): string =>
  docs
    .all()
    .map((doc) => `<!-- ${siteUrl}${hrefOf(doc.path)} -->\n\n${sourceOf(doc, siteUrl, docs).trim()}\n`)
    .join("\n\n")
