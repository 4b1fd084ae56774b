// Letter: a mail as its domain declares it, from one source for subject, text and HTML. No letter carries text that a stranger typed,
// and links come from configuration only.
import type { Reader } from "../store/index.ts"

/** Who writes. */
export interface House {
  productName: string
  /** Origin without trailing slash. */
  baseUrl: string
  /** How the house looks and who stands behind it, at the head and foot of each mail; none: as it came. */
  look?: MailLook
}

export interface MailLook {
  /** `#rrggbb`, readable as text on light and on dark. */
  accent: { light: string; dark: string }
  /** The legal entity: name and address, a line each. Empty = nobody said. */
  operator: readonly string[]
  /** Where to ask; empty = nobody said. */
  contact: string
}

/**
 * A paragraph; `code` is made to stand out, `link` is shown whole, so that it can be looked at before it is opened; `rows` is a list with a figure
 * in each line.
 */
export type Paragraph =
  | string
  | { text: string; code: string }
  | { text: string; link: string }
  | { text: string; rows: readonly ParagraphRow[] }

export interface ParagraphRow {
  name: string
  figure: string
  note: string
  /** What one can do about it. */
  link?: { words: string; to: string }
}

export interface Letter<Data> {
  /** Names it in the outbox: rows outlive releases, so it never changes. */
  kind: string
  subject(data: Data, house: House): string
  body(data: Data, house: House): Paragraph[]
  /** Asked right before it is sent; false = dropped without a word. */
  isWanted?(reader: Reader, to: string): boolean
  /** What tests render it with. */
  sample: Data
  /** Where it says something else: its other cases, for who reads all letters. */
  others?: readonly Data[]
}

// biome-ignore lint/suspicious/noExplicitAny: only its owner knows the data; `queueIn` checks it against the letter.
export type AnyLetter = Letter<any>
