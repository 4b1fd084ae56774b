// The texts that the executable brings: they say what the software does, and hold until an operator publishes others.
import cookies from "./texts/cookie-policy.md" with { type: "text" }
import developer from "./texts/developer-agreement.md" with { type: "text" }
import privacy from "./texts/privacy.md" with { type: "text" }
import terms from "./texts/terms.md" with { type: "text" }
import type { LegalText, LegalVersion } from "./types.ts"

/** A new text of ours gets a new version; who accepted another one of developers is asked again. */
const DEFAULT_VERSION = "2026-01"

const SOURCES: Readonly<Record<LegalText, string>> = {
  terms,
  privacy,
  "developer-agreement": developer,
  "cookie-policy": cookies,
}

export const defaultOf = (text: LegalText): LegalVersion => ({
  text,
  version: DEFAULT_VERSION,
  source: SOURCES[text],
  changes: "The first version.",
  asks: false,
  effectiveMs: 0,
  createdMs: 0,
})
