// The browser's title, "Thing · Section · Purser": short enough for a tab, a bookmark and a history list, whatever people named
// their things. Pure; the page's own heading shows the name whole.

import { BRAND } from "./brand.tsx"

/** UTF-16 units of the whole title; search engines and browsers cut at about this. */
export const TITLE_CHARS_MAX = 70
/** A word is only waited for when it ends in the last part of what fits. */
const WORD_PART = 0.7

const letters = new Intl.Segmenter("en", { granularity: "grapheme" })

/**
 * A text of at most `max` UTF-16 units: cut after a word where one ends late enough, else between two letters as people see them
 * (never inside an emoji or between a letter and its accent), with "…". Short texts come back as they are.
 */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text
  let end = 0
  let wordEnd = 0
  for (const { index, segment } of letters.segment(text)) {
    if (index + segment.length > max - 1) {
      if (/^\s/.test(segment)) wordEnd = end
      break
    }
    if (/^\s/.test(segment)) wordEnd = end
    else end = index + segment.length
  }
  const at = wordEnd >= (max - 1) * WORD_PART ? wordEnd : end
  return `${text.slice(0, at).trimEnd()}…`
}

/** Names that say the same are said once: a page called "Purser" is just that. */
export function titleOf(thing: string, section?: string, house = BRAND.name): string {
  const rest = [section, house].filter((name) => name !== undefined && name !== thing)
  const room = TITLE_CHARS_MAX - rest.reduce((sum, name) => sum + (name?.length ?? 0) + 3, 0)
  return [cut(thing, room), ...rest].join(" · ")
}
