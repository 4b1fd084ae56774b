// Which version holds, how versions are called, and how a text is filled with what this server does. Pure.
import { LEGAL_LIMITS } from "./limits.ts"
import type { LegalFacts, LegalText, LegalVersion } from "./types.ts"

export const FACTS = [
  "name",
  "operator",
  "contact",
  "cookies",
  "storage",
  "kept",
  "processors",
  "share",
  "grace_days",
  "paid_days",
] as const
const FACT = /\{\{\s*([a-z_]*)\s*\}\}/g

/** The last one that holds by now; `all` by time. */
export const currentOf = <V extends LegalVersion>(all: readonly V[], text: LegalText, now: number): V | undefined =>
  all.findLast((one) => one.text === text && one.effectiveMs <= now)

/** Versions to one of which people have to have said yes: the last that asks, and what came after. Empty: nothing is asked. */
export function askedOf(all: readonly LegalVersion[], text: LegalText, now: number): string[] {
  const holding = all.filter((one) => one.text === text && one.effectiveMs <= now)
  const at = holding.findLastIndex(({ asks }) => asks)
  return at < 0 ? [] : holding.slice(at).map(({ version }) => version)
}

/** By the day from which it holds; the second of a day ends with -2. */
export function versionOf(taken: readonly string[], effectiveMs: number): string {
  const day = new Date(effectiveMs).toISOString().slice(0, 10)
  if (!taken.includes(day)) return day
  let count = 2
  while (taken.includes(`${day}-${count}`)) count++
  return `${day}-${count}`
}

/** What is wrong with a text; null = nothing. */
export function sourceProblem(source: string): string | null {
  if (source.trim() === "") return "Write a text."
  if (source.length > LEGAL_LIMITS.sourceChars) return `Keep this within ${LEGAL_LIMITS.sourceChars} characters.`
  const unknown = Array.from(source.matchAll(FACT), ([, name]) => name!).find(
    (name) => !(FACTS as readonly string[]).includes(name),
  )
  return unknown === undefined
    ? null
    : `There is no {{${unknown}}}. What there is: ${FACTS.map((name) => `{{${name}}}`).join(", ")}.`
}

/** Words of somebody in a line of Markdown: signs that would mean something are letters. */
const plain = (text: string): string =>
  text.replace(/\s+/g, " ").replace(/[\\`*_{}[\]()<>#+!|~&:-]/g, (sign) => `\\${sign}`)

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => "---"), ...rows.map((row) => row.map(plain))]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n")

/** The text with the facts of this server in place of their names. */
export function filled(source: string, facts: LegalFacts): string {
  const words: Record<(typeof FACTS)[number], () => string> = {
    name: () => plain(facts.name),
    operator: () =>
      facts.operator.length === 0 ? `the operator of ${plain(facts.name)}` : facts.operator.map(plain).join(", "),
    contact: () =>
      facts.contact === "" ? "the operator" : `[${plain(facts.contact)}](mailto:${encodeURI(facts.contact)})`,
    cookies: () =>
      table(
        ["Cookie", "What it is for", "Kept"],
        facts.cookies.map((one) => [one.name, one.what, one.kept]),
      ),
    storage: () =>
      table(
        ["What is kept", "What it is for", "Kept"],
        facts.storage.map((one) => [one.name, one.what, one.kept]),
      ),
    kept: () =>
      table(
        ["What", "Kept", "Then"],
        facts.kept.map((one) => [one.what, one.kept, one.goes]),
      ),
    processors: () =>
      facts.processors.length === 0
        ? "Nobody else at the moment."
        : table(
            ["Who", "What for"],
            facts.processors.map((one) => [one.name, one.what]),
          ),
    share: () => String(facts.share),
    grace_days: () => String(facts.graceDays),
    paid_days: () => String(facts.paidDays),
  }
  return source.replace(FACT, (whole, name: string) => words[name as keyof typeof words]?.() ?? whole)
}
