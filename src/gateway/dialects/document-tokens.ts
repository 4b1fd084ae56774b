// Tokens of a document in a prompt: by its pages where the file shows them, else by its bytes.

export interface Paper {
  bytes: number
  /** Null = not to be seen from outside, as where pages lie in compressed streams. */
  pages: number | null
}

/** Bytes of a document per token: a page of 40 kB comes to 2,000 tokens, its text and its picture. */
const BYTES_PER_TOKEN = 20
const LEAST = 3_000
/** Anthropic says 1,500 to 3,000 with the page's picture; OpenAI reads the same two. */
const TOKENS_PER_PAGE = 2_500
/** Google looks at pages as pictures. */
const GEMINI = /gemini/i
const GEMINI_TOKENS_PER_PAGE = 258
const PAGES_MAX = 10_000

/** Leaves of the page tree, or what its nodes count; whichever is more (ISO 32000-2 §7.7.3). */
const LEAF = /\/Type\s*\/Page(?![a-zA-Z])/g
const NODE = /\/Type\s*\/Pages\b[^>]{0,400}?\/Count\s+(\d{1,5})|\/Count\s+(\d{1,5})[^>]{0,400}?\/Type\s*\/Pages\b/g

/** @param base64 of the file, without what stands before it in a data URL */
export function paperIn(base64: string): Paper {
  const bytes = Math.floor((base64.length * 3) / 4)
  const text = Buffer.from(base64, "base64").toString("latin1")
  if (!text.startsWith("%PDF-")) return { bytes, pages: null }
  let pages = text.match(LEAF)?.length ?? 0
  for (const [, before, after] of text.matchAll(NODE)) pages = Math.max(pages, Number(before ?? after))
  return { bytes, pages: pages === 0 || pages > PAGES_MAX ? null : pages }
}

export function paperTokens(model: string, { bytes, pages }: Paper): number {
  if (pages === null) return Math.max(LEAST, Math.ceil(bytes / BYTES_PER_TOKEN))
  return pages * (GEMINI.test(model) ? GEMINI_TOKENS_PER_PAGE : TOKENS_PER_PAGE)
}
