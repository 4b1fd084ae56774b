// What may be asked, and what comes of a question. Pure.
import { SUPPORT_LIMITS as L } from "./limits.ts"
import type { Act, State, SupportMessage, Topic } from "./types.ts"

export const TOPICS: readonly { value: Topic; label: string }[] = [
  { value: "account", label: "My account and signing in" },
  { value: "money", label: "Payments, credits and plans" },
  { value: "apps", label: "An app that I use" },
  { value: "apis", label: "API keys and calls" },
  { value: "developers", label: "My own apps and APIs" },
  { value: "other", label: "Something else" },
]
/** What a later release asked about is something else to this one. */
export const topicWords = (topic: string): string =>
  (TOPICS.find(({ value }) => value === topic) ?? TOPICS.at(-1)!).label

export const tidy = (text: string): string => text.replace(/\r\n?/g, "\n").trim()
/** One line. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out.
export const tidyLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f\u2028\u2029]+/g, " ").trim()

export const subjectProblem = (subject: string): string | null =>
  subject === "" ? "Say in a few words what it is about." : tooLong(subject, L.subjectChars)
export const textProblem = (text: string): string | null =>
  text === "" ? "Write a message." : tooLong(text, L.textChars)

const tooLong = (text: string, max: number): string | null =>
  text.length > max ? `Use at most ${max.toLocaleString("en-US")} characters.` : null

/** How many messages of its person nobody has answered yet. */
export const unanswered = (messages: readonly Pick<SupportMessage, "side">[]): number =>
  messages.length - 1 - messages.findLastIndex(({ side }) => side === "admin")

export const saysSomething = (act: Act): boolean => act === "answer" || act === "answer_close"
const AFTER: Readonly<Record<Act, State>> = {
  answer: "answered",
  answer_close: "closed",
  close: "closed",
  reopen: "waiting",
}
/** Null: it is so already. */
export const stateAfter = (state: State, act: Act): State | null =>
  !saysSomething(act) && AFTER[act] === state ? null : AFTER[act]
