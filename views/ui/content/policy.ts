// What Markdown may become, by who wrote it: allow-lists for the sanitizer. Whatever is not named here is dropped or shown as text.
import type { Attributes, IOptions, Tag } from "sanitize-html"

/** `ours` comes with the product or from the operator; `people` is typed by anybody. */
export type Author = "ours" | "people"

const BLOCKS = ["p", "br", "hr", "blockquote", "ul", "ol", "li", "pre", "table", "thead", "tbody", "tr", "th", "td"]
const WORDS = ["a", "strong", "em", "del", "code", "span"]
const HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
/** Elements inside each other; what lies deeper loses its tags and keeps its words. */
export const NESTING_MAX = 30
/** UTF-16 units of an address; browsers and logs cope with about this. */
const HREF_CHARS_MAX = 2_000

/** Control characters and spaces are no part of an address; browsers drop some of them before they read the scheme. */
const isOdd = (href: string): boolean => /[\0-\x20\x7f-\xa0\u2028\u2029\\]/.test(href) || href.length > HREF_CHARS_MAX

/** An address somewhere else. @returns null for all else */
function external(href: string): URL | null {
  if (isOdd(href) || !/^(https?:\/\/|mailto:)/i.test(href)) return null
  const url = URL.parse(href)
  return url && ["http:", "https:", "mailto:"].includes(url.protocol) && !url.username && !url.password ? url : null
}

/** On this site: an absolute path or a heading, never `//host`. */
const isLocal = (href: string): boolean => !isOdd(href) && /^(#|\/(?!\/))/.test(href)

function link(author: Author): (tag: string, attributes: Attributes) => Tag {
  return (_, { href = "" }) => {
    const url = external(href)
    if (url) return { tagName: "a", attribs: { href, rel: author === "ours" ? "noopener" : "nofollow noopener ugc" } }
    if (author === "ours" && isLocal(href)) return { tagName: "a", attribs: { href } }
    // The words stay; there is no address to go to.
    return { tagName: "span", attribs: {} }
  }
}

/** The obsolete `align` as a class of ours. */
const cell = (tagName: string, { align }: Attributes): Tag => ({
  tagName,
  attribs: align === "right" ? { class: "numeric" } : {},
})

/** Pictures of people would tell their servers who reads what: the words that describe them stand there instead. */
const described = (_: string, { alt = "" }: Attributes): Tag => ({ tagName: "span", attribs: {}, text: alt })

/** Ours lie below public/ and are described; else they are their words too. */
function picture(tag: string, { src = "", alt = "" }: Attributes): Tag {
  return /^\/assets\/[\w./?=-]+$/.test(src) && alt ? { tagName: "img", attribs: { src, alt } } : described(tag, { alt })
}

/** A heading of a text stands below the heading of its page: `# x` in people's words becomes an h3. */
const lower = (steps: number) => (tagName: string) => ({
  tagName: `h${Math.min(6, Number(tagName[1]) + steps)}`,
  attribs: {},
})

const common = {
  allowedSchemes: ["http", "https", "mailto"],
  allowProtocolRelative: false,
  nestingLimit: NESTING_MAX,
  disallowedTagsMode: "discard",
  // What the Markdown writes about a block of code, and ours about cells.
  allowedClasses: { code: [/^language-[a-z]{1,16}$/], td: ["numeric"], th: ["numeric"] },
} satisfies IOptions

const transforms = (author: Author, steps: number): NonNullable<IOptions["transformTags"]> => ({
  a: link(author),
  img: author === "ours" ? picture : described,
  td: cell,
  th: cell,
  ...Object.fromEntries(HEADINGS.map((tag) => [tag, lower(steps)])),
})

export const POLICIES: Readonly<Record<Author, IOptions>> = {
  ours: {
    ...common,
    allowedTags: [...BLOCKS, ...WORDS, ...HEADINGS, "img", "kbd", "details", "summary"],
    allowedAttributes: { a: ["href", "rel"], img: ["src", "alt"], ol: ["start"] },
    transformTags: transforms("ours", 0),
  },
  people: {
    ...common,
    allowedTags: [...BLOCKS, ...WORDS, ...HEADINGS],
    allowedAttributes: { a: ["href", "rel"], ol: ["start"] },
    transformTags: transforms("people", 2),
  },
}
