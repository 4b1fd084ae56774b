// Markdown to safe HTML on the server, the one door. The parser is the platform's (linear in its input, 1 ms for the worst 20 kB known);
// what it made passes an allow-list of elements and addresses, by who wrote it. The sanitizer is loaded with the first text (17 MB, 30 ms).
import type Sanitize from "sanitize-html"
import { highlight, type Language, languageOf } from "./highlight.ts"
import { areTabs, ownBlock } from "./own-code.tsx"
import { type Author, NESTING_MAX, POLICIES } from "./policy.ts"

export interface MarkdownHeading {
  id: string
  text: string
  /** 2 to 6. */
  level: number
}

export interface MarkdownView {
  /** Safe HTML. */
  html: string
  /** The first `# …` of ours, taken out of the HTML: pages have their own h1. */
  title: string | null
  /** Headings of ours from the second level on, with their ids; people's have none. */
  headings: readonly MarkdownHeading[]
}

/** UTF-16 units of people's texts; the rest is left out, with a word that says so. Forms should refuse it before. */
export const PEOPLE_CHARS_MAX = 20_000
/** UTF-16 units of people's code that are coloured in one text. */
const PEOPLE_CODE_CHARS_MAX = 4_000
/** Rows are filled up to the columns of the head, so a wide head makes a table explode. Wider ones stay text. */
const COLUMNS_MAX = 40

/**
 * @param id prefix for ids of code blocks, unique on the page
 */
export function markdown(source: string, author: Author, id = "text"): MarkdownView {
  const isLong = author === "people" && source.length > PEOPLE_CHARS_MAX
  const text = isLong ? source.slice(0, PEOPLE_CHARS_MAX) : source
  const safe = sanitizer()(parse(text, author), POLICIES[author])
  const whole = isLong ? `${safe}<p class="quiet">The rest is left out: it is too long to show.</p>` : safe
  const withCode = colourCode(framed(whole), author, id)
  return author === "ours" ? withIds(withCode) : { html: withCode, title: null, headings: [] }
}

function parse(text: string, author: Author): string {
  const noHtml = author === "people"
  const lines = text.split("\n").map(shallow)
  return Bun.markdown.html(lines.join("\n"), {
    tables: !lines.some((line) => line.split("|", COLUMNS_MAX + 2).length > COLUMNS_MAX + 1),
    tasklists: false,
    autolinks: { url: true, email: true },
    noHtmlBlocks: noHtml,
    noHtmlSpans: noHtml,
  })
}

const MARKER = /[ \t]*(?:[>*+-]|\d{1,9}[.)])(?=[ \t>]|$)/y

/** A line begins at most so many quotes and lists inside each other: the sanitizer takes longer with each level. */
function shallow(line: string): string {
  MARKER.lastIndex = 0
  let kept = 0
  let end = 0
  for (let count = 1; MARKER.test(line); count++) {
    end = MARKER.lastIndex
    if (count <= NESTING_MAX) kept = end
  }
  return end > kept ? line.slice(0, kept) + line.slice(end) : line
}

let loaded: typeof Sanitize | undefined
function sanitizer(): typeof Sanitize {
  loaded ??= require("sanitize-html") as typeof Sanitize
  return loaded
}

/** Wide tables scroll in a box of their own, which the keyboard must reach; its name is what the columns are called. */
const framed = (html: string): string =>
  html.replace(/<table>[\s\S]*?<\/table>/g, (table) => {
    const head = /<tr>([\s\S]*?)<\/tr>/.exec(table)?.[1] ?? ""
    const columns = [...head.matchAll(/<th[^>]*>([\s\S]*?)<\/th>/g)].map(([, cell]) => textOf(cell ?? ""))
    const name = Bun.escapeHTML(`Table: ${columns.filter(Boolean).join(", ")}`)
    return `<div class="table-scroll" tabindex="0" role="region" aria-label="${name}">${table}</div>`
  })

/** Inside is text only: the sanitizer wrote `<` as `&lt;`. */
const BLOCK = /<pre><code(?: class="language-([a-z]+)")?>([^<]*)<\/code><\/pre>/g

function colourCode(html: string, author: Author, id: string): string {
  if (author === "ours") return ourCode(html, id)
  let room = PEOPLE_CODE_CHARS_MAX
  let count = 0
  return html.replace(BLOCK, (_, name: string | undefined, escaped: string) => {
    const code = decode(escaped).replace(/\n$/, "")
    const language: Language = code.length <= room ? languageOf(name ?? "") : "text"
    if (language !== "text") room -= code.length
    count += 1
    return `<pre tabindex="0"><code id="${Bun.escapeHTML(`${id}-code-${count}`)}">${highlight(code, language)}</code></pre>`
  })
}

/** Blocks that stand one after the other with nothing between. */
const BLOCKS = new RegExp(`(?:${BLOCK.source}\\s*)+`, "g")

/** Ours can be copied; the same in several languages is one block with tabs. */
function ourCode(html: string, id: string): string {
  let count = 0
  return html.replace(BLOCKS, (run) => {
    const codes = [...run.matchAll(BLOCK)].map(([, name = "", escaped = ""]) => ({
      name,
      code: decode(escaped).replace(/\n$/, ""),
    }))
    const write = (some: typeof codes) => ownBlock(some, `${id}-code-${++count}`)
    return `${(areTabs(codes.map(({ name }) => name)) ? [codes] : codes.map((one) => [one])).map(write).join("\n")}\n`
  })
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', "#39": "'" }
/** Undoes exactly what the sanitizer writes in text. */
const decode = (text: string): string => text.replace(/&(lt|gt|amp|quot|#39);/g, (_, name: string) => ENTITIES[name]!)

const textOf = (html: string): string => decode(html.replace(/<[^<>]*>/g, "")).trim()

/** Ids that pages use themselves. */
const TAKEN = ["main", "flash", "confirm", "search", "menu"]

/** Ids of headings in the order of a text; equal ones are counted. */
function counting(): (text: string) => string {
  const seen = new Map<string, number>(TAKEN.map((id) => [id, 1]))
  return (text) => {
    const slug = slugOf(text)
    const before = seen.get(slug) ?? 0
    seen.set(slug, before + 1)
    return before === 0 ? slug : `${slug}-${before + 1}`
  }
}

/** What the headings of a text of ours are called in addresses, its title left out. */
export const headingIds = (texts: readonly string[]): string[] => texts.map(counting())
const HEADING = /<h([1-6])>([\s\S]*?)<\/h\1>/g

function withIds(html: string): MarkdownView {
  const idOf = counting()
  const headings: MarkdownHeading[] = []
  let title: string | null = null
  const marked = html.replace(HEADING, (_, digit: string, inner: string) => {
    const text = textOf(inner)
    if (digit === "1" && title === null) {
      title = text
      return ""
    }
    const level = Math.max(2, Number(digit))
    const heading = { id: idOf(text), text, level }
    headings.push(heading)
    return `<h${level} id="${heading.id}">${inner}</h${level}>`
  })
  return { html: marked.trim(), title, headings }
}

/** "Rate limits & retries" → "rate-limits-retries": letters and digits of any script, so it needs no escaping. */
const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "") || "section"
