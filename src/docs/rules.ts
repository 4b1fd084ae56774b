// The tree out of docs/README.md, links between pages, the parts of a page for the search. Pure.
import type { DocKind, DocLink, DocsElsewhere, DocsSection } from "./types.ts"

export const KINDS: readonly DocKind[] = ["tutorials", "how-to", "reference", "explanation"]

const ITEM = /^- \[([^\]]+)\]\(([^)\s]+)\)(?:: (.*))?$/
const PAGE = /^((?:tutorials|how-to|reference|explanation)\/[a-z0-9-]+)\.md$/

/** `## Section`, a line about it, and `- [Title](how-to/page.md): what is there` for each page. */
export function treeOf(readme: string): DocsSection[] {
  const sections: { title: string; text: string; pages: (DocLink | DocsElsewhere)[] }[] = []
  for (const line of readme.split("\n")) {
    const section = sections.at(-1)
    if (line.startsWith("## ")) sections.push({ title: line.slice(3).trim(), text: "", pages: [] })
    else if (section && line.startsWith("- ")) section.pages.push(itemOf(line))
    else if (section && line.trim() !== "") section.text = `${section.text} ${line.trim()}`.trim()
  }
  return sections
}

function itemOf(line: string): DocLink | DocsElsewhere {
  const [, title = "", address = "", text = ""] = ITEM.exec(line) ?? []
  const path = PAGE.exec(address)?.[1]
  if (path) return { path, title, text }
  if (/^\/(?!\/)[\w/.-]+$/.test(address)) return { href: address, title, text }
  throw new Error(`docs/README.md: not a page of the documentation: ${line}`)
}

export const isDoc = (page: DocLink | DocsElsewhere): page is DocLink => "path" in page

/** Text outside of code, fenced or inline, through `change`; code stays as it is. */
function outsideCode(source: string, change: (text: string) => string): string {
  const parts = source.split(/(^ *```[\s\S]*?^ *```[^\S\n]*$|`[^`\n]+`)/m)
  return parts.map((part, index) => (index % 2 === 1 ? part : change(part))).join("")
}

const LINK = /(\]\()([^)\s]+)(\))/g

/** Every link through `to`, which is given its address as written. */
export const withLinks = (source: string, to: (address: string) => string): string =>
  outsideCode(source, (text) => text.replace(LINK, (_, open, address, close) => `${open}${to(address)}${close}`))

/** Where a relative link of a page leads: a path below the root of the source, with its fragment. Null for all others. */
export function fileOf(from: string, address: string): { file: string; hash: string } | null {
  if (/^([a-z]+:|\/|#)/i.test(address)) return null
  const { pathname, hash } = new URL(address, `file:///${from}`)
  return { file: decodeURI(pathname.slice(1)), hash }
}

/** A page's path by its file; null where the file is none. */
export const pathOfFile = (file: string): string | null => PAGE.exec(file.replace(/^docs\//, ""))?.[1] ?? null

export interface DocPart {
  heading: string | null
  text: string
}

/** A page cut at its headings; marks of Markdown are gone. */
export function partsOf(source: string): DocPart[] {
  const parts: { heading: string | null; lines: string[] }[] = [{ heading: null, lines: [] }]
  let isCode = false
  for (const line of source.split("\n")) {
    if (/^\s*```/.test(line)) isCode = !isCode
    else if (!isCode && /^#{2,6} /.test(line)) parts.push({ heading: plain(line.replace(/^#+ /, "")), lines: [] })
    else if (isCode || !/^# /.test(line)) parts.at(-1)!.lines.push(isCode ? line : plain(line))
  }
  return parts.map(({ heading, lines }) => ({ heading, text: lines.join(" ").replace(/\s+/g, " ").trim() }))
}

const plain = (line: string): string =>
  line
    .replace(/<!--.*?-->/g, "")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/^\s*\|[-\s|:]+\|\s*$/, "")
    .replaceAll("|", " ")
    .replace(/[*`]+/g, "")

export interface Sought {
  /** Each word, or a word that begins with it, is in the part. */
  words: string
  /** Each word is a piece of some word in it; null = all are too short for that. */
  pieces: string | null
}

/** Whatever is typed is text to the index, never an operator. Null = nothing was typed. */
export function soughtOf(query: string, { charsMax, wordsMax }: { charsMax: number; wordsMax: number }): Sought | null {
  const words =
    query
      .slice(0, charsMax)
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{N}_]+/gu)
      ?.slice(0, wordsMax) ?? []
  if (words.length === 0) return null
  const long = words.filter((word) => [...word].length >= 3)
  return {
    words: words.map((word) => `"${word}"*`).join(" AND "),
    pieces: long.length === 0 ? null : long.map((word) => `"${word}"`).join(" AND "),
  }
}
