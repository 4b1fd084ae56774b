// Servers that are weak where it is asked what a token is for, and whose key it is.
import { type Mutant, one } from "./weaken.ts"

export const WEAK_KEYS: readonly Mutant[] = [
  one(
    "a resource that was not authorized (GHSA-p2fr-6hmx-4528)",
    "src/oauth/access/resources.ts",
    "resource && this.covers(whole, resource),",
    "resource,",
  ),
  one("a DPoP proof used twice", "src/oauth/dpop/nonces.ts", "if (!span || span.seen.has(key)) {", "if (!span) {"),
  one(
    "a bound token without its key",
    "src/oauth/dpop/prove.ts",
    "if (proof.jkt !== claims.jkt) throw",
    "if (proof.jkt === '') throw",
  ),
  one(
    "a code bound to a key, with another",
    "src/oauth/token/code.ts",
    "code.dpopJkt !== null && code.dpopJkt !== attempt.jkt",
    "code.dpopJkt === ''",
  ),
]
