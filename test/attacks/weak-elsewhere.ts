// Servers that are weak where people sign in with others.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are texts of programs

import { type Mutant, one } from "./weaken.ts"

export const WEAK_ELSEWHERE: readonly Mutant[] = [
  one(
    "the password of who made the account before its owner came (CVE-2026-53516)",
    "src/identity/federation/arrive.ts",
    "  adoptUnverified(tx, before.id, { name: facts.name, passwordHash: null })",
    '  void adoptUnverified, tx.run("UPDATE users SET email_verified_ms = 1 WHERE id = ?", before.id)',
  ),
  one(
    "an issuer's answer in another browser (CVE-2022-39222)",
    "src/identity/federation/trip.ts",
    '`browser:${core.keyring.hmac("browser", browserId)}`',
    "`browser:${core.baseUrl || browserId}`",
  ),
  one(
    "an account by its address alone, which an issuer vouches for",
    "src/identity/federation/arrive.ts",
    "  if (!account.user.emailVerified)",
    "  if (email)",
  ),
]
