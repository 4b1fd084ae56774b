// Servers that are weak where somebody proves who they are.
import { type Mutant, one } from "./weaken.ts"

const WEBAUTHN = "src/identity/passkeys/webauthn.ts"
const ASSERTION = "src/identity/passkeys/assertion.ts"
const VERIFIED = "      requireUserVerification: true,\n      // Whether"

export const WEAK_PASSKEYS: readonly Mutant[] = [
  one(
    "a passkey used on another origin",
    WEBAUTHN,
    `      expectedOrigin: relying.origin,\n      expectedRPID: relying.id,\n${VERIFIED}`,
    `      expectedOrigin: [relying.origin, "https://evil.example"],\n      expectedRPID: relying.id,\n${VERIFIED}`,
  ),
  one(
    "a passkey of another host name",
    WEBAUTHN,
    `      expectedRPID: relying.id,\n${VERIFIED}`,
    `      expectedRPID: [relying.id, "evil.example"],\n${VERIFIED}`,
  ),
  one(
    "a passkey used in a frame",
    WEBAUTHN,
    "    if (isFramed(response.response.clientDataJSON)) return null\n    const { verified, authenticationInfo",
    "    const { verified, authenticationInfo",
  ),
  one("a passkey whose person was not verified", WEBAUTHN, VERIFIED, VERIFIED.replace("true", "false")),
  one(
    "a passkey that was copied, by its counter",
    ASSERTION,
    "if (isBehind(key.counter, verified.counter))",
    "if (isBehind(key.counter, verified.counter) && key.counter < 0)",
  ),
  one(
    "an answer of a passkey, played back",
    ASSERTION,
    'if (!takeChallenge(tx, challengeHash(waiting), waiting.expiresMs)) throw refused("This was used already. Try again.")',
    "takeChallenge(tx, challengeHash(waiting), waiting.expiresMs)",
  ),
  one(
    "an answer of a passkey, taken to another browser",
    "src/identity/passkeys/ticket.ts",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a program
    "`${purpose}:${browserHashOf(core, visitor)}:",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a program
    "`${purpose}:${visitor ? browserHashOf(core, { browserId: 'any' }) : ''}:",
  ),
  one(
    "the password alone of who has a passkey (CVE-2025-64103)",
    "src/identity/second-step/enrol.ts",
    "hasApp(reader, userId) || hasPasskeys(reader, userId)",
    "hasApp(reader, userId) || (userId < 0 && hasPasskeys(reader, userId))",
  ),
  one(
    "a stolen session mints a key after ten minutes",
    "src/identity/step-up/rules.ts",
    "nowMs - proof.ms < L.confirmedMs",
    "nowMs - proof.ms < 99 * L.confirmedMs",
  ),
  {
    lets: "a fresh sign-in by password where a second factor is set up (GHSA-hp74-gm6m-2qm5)",
    edits: [
      {
        file: "src/identity/step-up/rules.ts",
        from: "(!hasSecond || isStrong(proof))",
        to: "(!hasSecond || isStrong(proof) || proof.ms > 0)",
      },
    ],
  },
]
