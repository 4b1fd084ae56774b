// Sentence: an entry of the audit log as people read it. Each part brings those of the acts it writes; a test fails for one without.
import { creditsDecimal, nano } from "../app/index.ts"

/** Somebody or something by name, with the page it has. */
export interface Named {
  name: string
  href?: string | undefined
}

/** Words, and names among them, which are shown as names. */
export type Said = readonly (string | Named)[]

/** What a person looks for; one of the presets of the page. */
export const TOPICS = ["money", "access", "signins", "apps", "settings"] as const
export type Topic = (typeof TOPICS)[number]

export interface AuditFacts {
  /** Who did it. */
  who: Named
  /** `user` of themselves, `admin`, `app`, `system`, `cli`. */
  by: string
  /** About whom or what. */
  what: Named
  /** Fields as they were and are; what is no object stands under "value". */
  before: Readonly<Record<string, unknown>>
  after: Readonly<Record<string, unknown>>
}

export interface Sentence {
  topic: Topic
  /** The act as a noun, for choices and for rows that stand for many: "Suspension". */
  label: string
  say(facts: AuditFacts): Said
}

/** Action → its sentence. */
export type Sentences = Readonly<Record<string, Sentence>>

/** said`${who} suspended ${what}` */
export function said(texts: TemplateStringsArray, ...values: readonly (string | number | Named)[]): Said {
  const pieces: (string | Named)[] = []
  const add = (piece: string | Named) => {
    const last = pieces.at(-1)
    if (typeof piece === "string" && typeof last === "string") pieces[pieces.length - 1] = last + piece
    else if (piece !== "") pieces.push(piece)
  }
  for (const [at, text] of texts.entries()) {
    add(text)
    const value = values[at]
    if (value !== undefined) add(typeof value === "number" ? String(value) : value)
  }
  return pieces
}

/** n$ of an entry as "1,240 credits"; "credits" when it says none. */
export function creditsOf(value: unknown): string {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return "credits"
  const [whole = "0", fraction] = creditsDecimal(nano(Math.abs(value))).split(".")
  const text = `${Number(whole).toLocaleString("en-US")}${fraction ? `.${fraction}` : ""}`
  return `${text} ${text === "1" ? "credit" : "credits"}`
}
