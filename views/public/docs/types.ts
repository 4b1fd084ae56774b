// What the documentation shows. Pages are Markdown of ours, made safe before they come here.
import type { MarkdownHeading, TreeNode } from "../../ui/index.ts"

export interface DocsPlace {
  href: string
  title: string
  /** One sentence; "" = none. */
  text: string
}

export interface DocsPart {
  title: string
  text: string
  pages: readonly DocsPlace[]
}

export interface DocsText {
  title: string
  /** One sentence, for previews and search engines. */
  text: string
  /** "How-to guide". */
  kind: string
  section: string
  /** Safe HTML. */
  html: string
  headings: readonly MarkdownHeading[]
  /** The same as Markdown. */
  sourceHref: string
  /** Where it is edited; null = nowhere that we know. */
  editHref: string | null
}

export interface DocsResult {
  href: string
  /** Of the page, or of the API. */
  title: string
  /** Of the part of the page, or the API's publisher; "" = none. */
  heading: string
  /** In pieces; every second one is what was found. */
  snippet: readonly string[]
}

export type DocsNodes = readonly TreeNode[]
