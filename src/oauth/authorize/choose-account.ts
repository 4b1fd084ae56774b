// Whom an authorization is about, where several people are signed in to the browser (OIDC Core §3.1.2.1; Google's and Microsoft's choosers
// do the same). Pure. Whoever is chosen is held against the request again by `next-step.ts`; nothing is granted here.
// * an answer for somebody who was not asked for is never given: several people and no word of whom is a question
import type { UserId } from "../../app/index.ts"
import type { AuthSession, OauthUser } from "../types.ts"
import type { AuthRequest } from "./request.ts"

export interface Here {
  session: AuthSession
  user: Pick<OauthUser, "publicId" | "email">
}

/** `several`: they have to choose. */
export type Chosen = AuthSession | null | "several"

export function chooseAccount(input: {
  request: Pick<AuthRequest, "prompt" | "expectedSub" | "loginHint">
  people: readonly Here[]
  /** Whom this very sign-in is about by now: chosen, signed in on the way, or shown its consent page. */
  picked: UserId | null
  /** Whom the pages of this house act as; null: the client is an app. */
  current: AuthSession | null
  /** The sign-in that the client was entered from last. */
  usedSid: string | null
}): Chosen {
  const { request, people, picked, current, usedSid } = input
  const [first] = people
  // One person is asked about by the steps that follow, as ever.
  if (people.length <= 1) return first?.session ?? null
  const by = (fits: (one: Here) => boolean): AuthSession | undefined => people.find(fits)?.session
  const chosen = by(({ session }) => session.userId === picked)
  if (chosen) return chosen
  // Whoever it is signs in anew, or is somebody else.
  if (request.prompt.includes("login") || request.prompt.includes("create")) return first!.session
  const expected = request.expectedSub
  if (expected !== null) return by(({ user }) => user.publicId === expected) ?? first!.session
  if (request.prompt.includes("select_account")) return "several"
  const hint = request.loginHint?.trim().toLowerCase()
  const hinted = hint
    ? by(({ user }) => user.publicId.toLowerCase() === hint || user.email.toLowerCase() === hint)
    : undefined
  return hinted ?? current ?? by(({ session }) => session.sid === usedSid) ?? "several"
}
