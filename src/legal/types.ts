import type { Store } from "../store/index.ts"

export const LEGAL_TEXTS = ["terms", "privacy", "developer-agreement", "cookie-policy"] as const
export type LegalText = (typeof LEGAL_TEXTS)[number]

export const LEGAL_TITLES: Readonly<Record<LegalText, string>> = {
  terms: "Terms of service",
  privacy: "Privacy policy",
  "developer-agreement": "Developer agreement",
  "cookie-policy": "Cookie policy",
}

export interface LegalVersion {
  text: LegalText
  /** "2026-01" came with the executable; "2026-11-28", "2026-11-28-2" by the day from which it holds. */
  version: string
  /** Markdown with `{{facts}}`. */
  source: string
  /** What changed, for people. */
  changes: string
  /** People have to say yes again. */
  asks: boolean
  /** 0 = it came with the executable. */
  effectiveMs: number
  createdMs: number
}

export interface Publish {
  text: LegalText
  source: string
  changes: string
  asks: boolean
  /** From when on it holds; default and earliest: now. */
  effectiveMs?: number | undefined
}

/** What this server does, as the texts tell it. Each is made of a registry when it is read. */
export interface LegalFacts {
  name: string
  /** Name and address of who runs it, a line each; empty = nobody said. */
  operator: readonly string[]
  /** Email address; "" = none. */
  contact: string
  cookies: readonly { name: string; what: string; kept: string }[]
  /** What scripts keep in the browser beside them. */
  storage: readonly { name: string; what: string; kept: string }[]
  kept: readonly { what: string; goes: string; kept: string }[]
  /** Who else gets data, and what for. */
  processors: readonly { name: string; what: string }[]
  /** Percent of the model's price. */
  share: number
  graceDays: number
  paidDays: number
}

export interface LegalDeps {
  store: Store
}
