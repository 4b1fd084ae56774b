// Where the pages of the documentation are, and in which words their tree is shown. Pure.
import type { DocsNodes, DocsPart } from "../../../../views/public/docs/index.ts"
import { type DocKind, type DocsSection, isDoc } from "../../../docs/index.ts"

export const KIND_WORDS: Readonly<Record<DocKind, string>> = {
  tutorials: "Tutorial",
  "how-to": "How-to guide",
  reference: "Reference",
  explanation: "Explanation",
}

/** For those who come here for the first time. */
export const STARTS = ["tutorials/first-app", "explanation/credits", "how-to/publish-an-api", "how-to/install"] as const

export const hrefOf = (path: string): string => `/docs/${path}`

export const partsOf = (tree: readonly DocsSection[]): DocsPart[] =>
  tree.map(({ title, text, pages }) => ({
    title,
    text,
    pages: pages.map((page) => ({
      href: isDoc(page) ? hrefOf(page.path) : page.href,
      title: page.title,
      text: page.text,
    })),
  }))

export const nodesOf = (tree: readonly DocsSection[], current: string): DocsNodes =>
  partsOf(tree).map(({ title, pages }) => ({
    label: title,
    children: pages.map((page) => ({ label: page.title, href: page.href, current: page.href === current })),
  }))
