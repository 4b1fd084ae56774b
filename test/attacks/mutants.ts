// Weakened servers: what each attack of an advisory would meet if one line of ours were missing. An attack that is repelled by such a
// server proves nothing.
import { WEAK_ACCOUNTS } from "./weak-accounts.ts"
import { WEAK_AGENTS } from "./weak-agents.ts"
import { WEAK_DOORS } from "./weak-doors.ts"
import { WEAK_ELSEWHERE } from "./weak-elsewhere.ts"
import { WEAK_FEDCM } from "./weak-fedcm.ts"
import { WEAK_FLOODS } from "./weak-floods.ts"
import { WEAK_KEYS } from "./weak-keys.ts"
import { WEAK_PASSKEYS } from "./weak-passkeys.ts"
import { WEAK_PROOFS } from "./weak-proofs.ts"
import { WEAK_REQUESTS } from "./weak-requests.ts"
import { WEAK_TOKENS } from "./weak-tokens.ts"
import type { Mutant } from "./weaken.ts"

export const MUTANTS: readonly Mutant[] = [
  ...WEAK_ACCOUNTS,
  ...WEAK_AGENTS,
  ...WEAK_DOORS,
  ...WEAK_ELSEWHERE,
  ...WEAK_FEDCM,
  ...WEAK_FLOODS,
  ...WEAK_KEYS,
  ...WEAK_PASSKEYS,
  ...WEAK_PROOFS,
  ...WEAK_REQUESTS,
  ...WEAK_TOKENS,
]
