// The door of `legal`: the texts that people agree to, their versions, and who said yes to which.
import type { UserId } from "../app/index.ts"
import { auditIn } from "../audit/index.ts"
import type { Reader, Tx, WriteContext } from "../store/index.ts"
import { defaultOf } from "./defaults.ts"
import { publishVersionIn } from "./publish.ts"
import { askedOf, currentOf, filled } from "./rules.ts"
import { acceptedVersions, allVersions, insertAcceptance } from "./store.ts"
import type { LegalDeps, LegalText, LegalVersion, Publish } from "./types.ts"

export { LEGAL_LIMITS } from "./limits.ts"
export { legalPart } from "./part.ts"
export { FACTS as LEGAL_FACTS, filled, sourceProblem } from "./rules.ts"
export { LEGAL_TEXTS, LEGAL_TITLES, type LegalFacts, type LegalText, type LegalVersion, type Publish } from "./types.ts"

export type Legal = ReturnType<typeof createLegal>

export function createLegal({ store, now }: LegalDeps & { now: () => number }) {
  // Few rows, read by every page; they are only ever added, by `publishIn`.
  let known: LegalVersion[] = allVersions(store.read)
  const versionsIn = (tx: Reader | undefined): readonly LegalVersion[] => (tx ? allVersions(tx) : known)
  const current = (text: LegalText, tx?: Reader): LegalVersion =>
    currentOf(versionsIn(tx), text, now()) ?? defaultOf(text)

  const publishIn = (tx: Tx, input: Publish): LegalVersion => {
    const row = publishVersionIn(tx, input)
    tx.afterCommit(() => {
      known = allVersions(store.read)
    })
    return row
  }

  /** Idempotent per version. Returns the version that was accepted. */
  function acceptTermsIn(tx: Tx, user: { id: UserId; publicId: string }): string {
    const { version } = current("terms", tx)
    if (insertAcceptance(tx, { userId: user.id, text: "terms", version }))
      auditIn(tx, { action: "legal.accepted", subject: user.publicId, after: { text: "terms", version } })
    return version
  }

  return {
    current,
    /** What was announced and does not hold yet, by time. */
    coming: (text: LegalText): LegalVersion[] => known.filter((one) => one.text === text && one.effectiveMs > now()),
    /** All of a text, the newest first; the last came with the executable. */
    history: (text: LegalText): LegalVersion[] => [
      ...known.filter((one) => one.text === text).toReversed(),
      defaultOf(text),
    ],
    /** @throws AppError validation_failed with formErrors, conflict */
    publishIn,
    publish: (ctx: WriteContext, input: Publish) => store.write(ctx, (tx) => publishIn(tx, input)),
    acceptTermsIn,
    acceptTerms: (ctx: WriteContext, user: { id: UserId; publicId: string }) =>
      store.write(ctx, (tx) => acceptTermsIn(tx, user)),
    /** Whether this person has to say yes to the terms before going on. */
    asksTerms(userId: UserId): boolean {
      const asked = askedOf(known, "terms", now())
      return asked.length > 0 && !acceptedVersions(store.read, userId, "terms").some((one) => asked.includes(one))
    },
    /** Whether a yes to this version of the developer agreement still counts. */
    countsForDevelopers(version: string, tx?: Reader): boolean {
      const all = versionsIn(tx)
      const asked = askedOf(all, "developer-agreement", now())
      return asked.length === 0
        ? version === defaultOf("developer-agreement").version || all.some((one) => one.version === version)
        : asked.includes(version)
    },
    filled,
  }
}
