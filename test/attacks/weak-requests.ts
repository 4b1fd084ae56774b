// Servers that are weak about requests by another way.
import { type Mutant, one } from "./weaken.ts"

export const WEAK_REQUESTS: readonly Mutant[] = [
  one(
    "a pushed request twice, on the silent way (CVE-2026-96446)",
    "src/oauth/authorize/advance.ts",
    "  return isPushed ? answerIn(core, tx, interaction, session, silent) : silent",
    "  return silent",
  ),
  one(
    "signing out by an ID token that somebody made (GHSA-6f8c-crwq-jqm3)",
    "src/oauth/access/verify.ts",
    `    const { payload } = await jwtVerify(token, key.publicKey, {
      algorithms: [key.alg],
      typ: "JWT",
      issuer: core.issuer,
      currentDate: new Date(0),
    })
    const { sub, aud, sid } = payload`,
    '    const { sub, aud, sid } = JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString())',
  ),
]
