// When a proof is enough. Pure. Time alone is not: a password of just now says nothing where a code is asked for besides
// (GHSA-hp74-gm6m-2qm5, CVE-2025-64103).
import { IDENTITY_LIMITS as L } from "../limits.ts"
import type { Proof } from "./types.ts"

/** Several factors at once, as RFC 8176 says it. */
const isStrong = ({ amr }: Proof): boolean => amr.includes("mfa")

export const isEnough = (proof: Proof, { hasSecond, nowMs }: { hasSecond: boolean; nowMs: number }): boolean =>
  proof.amr.length > 0 && nowMs - proof.ms < L.confirmedMs && (!hasSecond || isStrong(proof))
