// Rules of finding and of reviews. Pure.
import { SHOWCASE_LIMITS as L } from "./limits.ts"
import type { Rating, ReviewDraft } from "./types.ts"

/** The tokenizer makes nothing of less. */
const INDEXED_CHARS_MIN = 3

export interface Asked {
  /** For MATCH; null = no word is long enough. */
  match: string | null
  /** The same in titles alone. */
  title: string | null
  /** For LIKE, in the title or the publisher. */
  short: string[]
}

/** Words of a search: each has to be somewhere. Whatever is typed is a text to the index, never an operator. */
export function askedFor(query: string): Asked {
  const words = query
    .slice(0, L.queryChars)
    .normalize("NFKC")
    .replace(/[\p{Cc}\p{Cf}]/gu, " ")
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .slice(0, L.wordsMax)
  const long = words.filter((word) => [...word].length >= INDEXED_CHARS_MIN)
  const match = long.length === 0 ? null : long.map((word) => `"${word.replaceAll('"', '""')}"`).join(" AND ")
  return {
    match,
    title: match && `title : (${match})`,
    short: words.filter((word) => !long.includes(word)).map((word) => `%${word.replaceAll(/[!%_]/g, "!$&")}%`),
  }
}

export const ratingOf = (stars: number, count: number): Rating | null =>
  count === 0 ? null : { tenths: Math.round((stars * 10) / count), count }

/** A new product counts as one with five reviews of three stars, in thousandths of a star. */
export const weightOf = (stars: number, count: number): number => Math.round(((stars + 15) * 1000) / (count + 5))

export function reviewErrors({ stars, title, text }: Pick<ReviewDraft, "stars" | "title" | "text">) {
  const errors: Record<string, string> = {}
  if (!Number.isInteger(stars) || stars < 1 || stars > 5) errors.stars = "Choose one to five stars."
  if (title === "") errors.title = "Say it in one line."
  else if (title.length > L.reviewTitleChars) errors.title = `Use at most ${L.reviewTitleChars} characters.`
  if (text.length > L.reviewChars) errors.text = `Use at most ${L.reviewChars} characters.`
  return errors
}
