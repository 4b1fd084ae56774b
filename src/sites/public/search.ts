// The search of pages: a score over the words of all lists of pages. Pure.
import type { SearchResult } from "../../../views/public/search.tsx"
import { maySee, type Seeker } from "../base/index.ts"
import { ALL_PAGES } from "./pages.ts"

interface Entry extends SearchResult {
  words: string
  for: Parameters<typeof maySee>[0]
}

/** Every page that has words. */
const ENTRIES: readonly Entry[] = ALL_PAGES.flatMap(({ path, title, viewer, search }) =>
  search ? { href: path, title, text: search.text, words: search.words, for: search.for ?? viewer } : [],
)

/** The longest query that is looked at. */
const QUERY_CHARS_MAX = 200
const WORDS_MAX = 8

const wordsOf = (text: string): string[] =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? []

/** Pages that hold each word of the query, at the start of a word or inside one; those that name it in their title come first. */
export function searchPages(query: string, seeker: Seeker | undefined): SearchResult[] {
  const sought = wordsOf(query.slice(0, QUERY_CHARS_MAX)).slice(0, WORDS_MAX)
  if (sought.length === 0) return []
  return ENTRIES.filter((page) => maySee(page.for, seeker))
    .map((page) => ({ page, score: scoreOf(page, sought) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
    .map(({ page: { href, title, text } }) => ({ href, title, text }))
}

/** Shorter parts are inside of too many words. */
const INSIDE_CHARS_MIN = 3

/** 0 unless every word is met; 6 for a word of the title, 4 for one people use, 2 for one of the sentence, half of it inside of one. */
function scoreOf(page: Entry, sought: readonly string[]): number {
  const places = [wordsOf(page.title), wordsOf(page.words), wordsOf(page.text)]
  let score = 0
  for (const word of sought) {
    const scores = places.map((words, place) => (places.length - place) * meets(words, word))
    const best = Math.max(...scores)
    if (best === 0) return 0
    score += best
  }
  return score
}

const meets = (words: readonly string[], sought: string): 0 | 1 | 2 => {
  if (words.some((word) => word.startsWith(sought))) return 2
  return sought.length >= INSIDE_CHARS_MIN && words.some((word) => word.includes(sought)) ? 1 : 0
}
