// Finding people by any part of a name or address. From three characters on a word goes through the trigram index, which folds case
// and accents; shorter ones are looked for in the rows.
import { domainToASCII } from "node:url"
import type { Reader, SqlValue } from "../../store/index.ts"
import type { UserStatus } from "../types.ts"

export interface UserSearch {
  /** Each word is any part of the address or the name; or a whole `usr_…`. Empty = everybody. */
  query?: string
  status?: UserStatus
  limit: number
  /** Keyset: rows older than this id. */
  beforeId?: number | null
}

/** What stands after WHERE, over `users u` or `v_identity_users u`. */
export interface PeopleWhere {
  where: string
  params: SqlValue[]
  /** Whether `users_search` is asked, with the first parameter. */
  isIndexed: boolean
}

/** The tokenizer makes nothing of less. */
const INDEXED_CHARS_MIN = 3
const WORDS_MAX = 8
/** Longer than any address. */
const WORD_CHARS_MAX = 254

const INDEXED = "u.id IN (SELECT rowid FROM users_search WHERE users_search MATCH ?)"

/** The same conditions where `users_search` is walked in the order of people, which ends as soon as enough are found. */
export const walked = (where: string): string => where.replace(INDEXED, "users_search MATCH ?")

/** Each word of the query is part of the address or of the name; a whole `usr_…` is that person. */
export function peopleWhere(query: string): PeopleWhere {
  const text = query.trim()
  if (/^usr_\w+$/.test(text)) return { where: "u.public_id = ?", params: [text], isIndexed: false }
  const words = wordsOf(text)
  const whole = words.filter((word) => [...word].length >= INDEXED_CHARS_MIN)
  const short = words.filter((word) => !whole.includes(word))
  const conditions = [...(whole.length > 0 ? [INDEXED] : []), ...short.map((word) => anyOf(casesOf(word)))]
  const match = whole.map((word) => `(${spellingsOf(word).map(quoted).join(" OR ")})`).join(" AND ")
  return {
    where: conditions.length > 0 ? conditions.join(" AND ") : text === "" ? "TRUE" : "FALSE",
    params: [...(whole.length > 0 ? [match] : []), ...short.flatMap((word) => casesOf(word).flatMap(twice))],
    isIndexed: whole.length > 0,
  }
}

/**
 * People whose name or address has this text as it stands, in any case, among others maybe: whoever asks looks at what they may see of them.
 * @returns null when they are more than `most`, or the text is too short for the index
 */
export function peopleWith(reader: Reader, text: string, most: number): number[] | null {
  if ([...text].length < INDEXED_CHARS_MIN || /\p{Cc}/u.test(text)) return null
  const found = reader.all<{ id: number }>(
    `SELECT rowid AS id FROM users_search WHERE users_search MATCH ?1
     UNION SELECT id FROM users WHERE public_id = ?2 LIMIT ?3`,
    quoted(text),
    text,
    most + 1,
  )
  return found.length > most ? null : found.map(({ id }) => id)
}

const wordsOf = (text: string): string[] =>
  text
    .normalize("NFKC")
    .replace(/\p{Cc}/gu, " ")
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => word.slice(0, WORD_CHARS_MAX))
    .slice(0, WORDS_MAX)

const quoted = (word: string): string => `"${word.replaceAll('"', '""')}"`

/** Addresses keep their domain in ASCII, so "bücher.example" is looked for as it is and as "xn--bcher-kva.example". */
function spellingsOf(word: string): string[] {
  const at = word.lastIndexOf("@") + 1
  const domain = domainToASCII(word.slice(at))
  return domain === "" || domain === word.slice(at) ? [word] : [word, word.slice(0, at) + domain]
}

/** LIKE folds ASCII alone; the others are tried as they are written most. */
const casesOf = (word: string): string[] => {
  const cases = [word, word.toUpperCase(), word.charAt(0).toUpperCase() + word.slice(1)]
  return /^[\x20-\x7e]+$/.test(word) ? [word] : [...new Set(cases)]
}
const anyOf = (cases: readonly string[]): string =>
  `(${cases.map(() => "u.email LIKE ? ESCAPE '!' OR u.name LIKE ? ESCAPE '!'").join(" OR ")})`
const twice = (word: string): [string, string] => {
  const pattern = `%${word.replaceAll(/[!%_]/g, "!$&")}%`
  return [pattern, pattern]
}
