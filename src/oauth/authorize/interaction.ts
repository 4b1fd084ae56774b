// An interaction: a checked authorization request on its way through sign-in and consent. It travels sealed, in the addresses and
// forms of our own pages, and opens in the browser that began it only; no row is written until a person answered it. Whatever it
// says is a fact of the past: every body that acts on it reads client, session and consent again.
import { AppError, ensure, randomSecret, sha256Hex } from "../../app/index.ts"
import type { Core } from "../core.ts"
import { OAUTH_LIMITS } from "../limits.ts"
import type { AuthSession, People } from "../types.ts"
import type { AuthRequest } from "./request.ts"

export interface Interaction {
  /** 128 random bits: what is remembered about its answer is kept by it. All that began with one pushed request share it. */
  id: string
  request: AuthRequest
  browserHash: string
  /** The sessions that were there when it started, separated by blanks. */
  sessionBefore: string | null
  /** Who has seen the consent page; a decision by anybody else shows it again. */
  shownTo: number | null
  /** Whom it is about, where several people are signed in; absent: nobody said so yet. */
  picked?: number | undefined
  startedMs: number
}

const PURPOSE = "interaction"
const PLACE = "oauth:interaction"

export const newInteraction = (
  request: AuthRequest,
  input: People & { browserIds: readonly string[]; nowMs: number; id?: string | undefined },
): Interaction => ({
  id: input.id ?? randomSecret(16),
  request,
  browserHash: sha256Hex(input.browserIds[0] ?? ""),
  sessionBefore:
    sessionsOf(input)
      .map(({ sessionId }) => sessionId)
      .join(" ") || null,
  shownTo: null,
  startedMs: input.nowMs,
})

/** Everybody who is signed in to the browser, whom it acts as first. */
export const sessionsOf = ({ session, others = [] }: People): AuthSession[] => [
  ...(session ? [session] : []),
  ...others,
]

/** The handle that pages carry: letters, digits, `-`, `_` and dots. @throws AppError invalid_request when it fits no address */
export function sealInteraction(core: Core, interaction: Interaction): string {
  const handle = core.keyring.seal(PURPOSE, PLACE, JSON.stringify(interaction))
  ensure(
    handle.length <= OAUTH_LIMITS.interactionCharsMax,
    "invalid_request",
    "The request is too long. Send a shorter state, nonce or login_hint.",
  )
  return handle
}

/** @throws AppError invalid_request when it is not ours, another browser's, or over */
export function openInteraction(
  core: Core,
  input: { interaction: string; browserIds: readonly string[] },
  nowMs: number,
): Interaction {
  const opened = unseal(core, input.interaction)
  const isOurs = opened !== null && input.browserIds.some((id) => sha256Hex(id) === opened.browserHash)
  if (!isOurs || nowMs >= expiresMsOf(opened)) {
    throw new AppError(
      "invalid_request",
      "This sign-in took too long or was started in another browser. Go back to the app and start again.",
    )
  }
  return opened
}

export const expiresMsOf = (interaction: Interaction): number => interaction.startedMs + OAUTH_LIMITS.authorizationMs

function unseal(core: Core, handle: string): Interaction | null {
  try {
    return JSON.parse(core.keyring.open(PURPOSE, PLACE, handle)) as Interaction
  } catch {
    return null
  }
}
