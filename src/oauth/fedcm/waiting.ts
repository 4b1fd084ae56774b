// A browser's request that waits for a page of ours: it travels sealed, is for one account, and is over soon.
import { AppError, ensure } from "../../app/index.ts"
import type { Core } from "../core.ts"
import { OAUTH_LIMITS } from "../limits.ts"

const PURPOSE = "fedcm-request"
const PLACE = "oauth:fedcm-request"

/** What is sealed of it. */
export interface Waiting {
  origin: string
  clientId: string
  accountId: string
  params: Record<string, string>
  wants: "code" | "id_token"
}

export function sealWaiting(core: Core, waiting: Waiting): string {
  const expiresMs = core.clock.now() + OAUTH_LIMITS.authorizationMs
  const handle = core.keyring.seal(PURPOSE, PLACE, JSON.stringify({ ...waiting, expiresMs }))
  ensure(handle.length <= OAUTH_LIMITS.interactionCharsMax, "invalid_request", "The request is too long.")
  return handle
}

/** @throws AppError invalid_request */
export function openWaiting(core: Core, handle: string): Waiting {
  try {
    ensure(handle.length <= OAUTH_LIMITS.interactionCharsMax, "invalid_request", "Too long.")
    const opened = JSON.parse(core.keyring.open(PURPOSE, PLACE, handle)) as Waiting & { expiresMs: number }
    ensure(core.clock.now() < opened.expiresMs, "invalid_request", "Too late.")
    const { expiresMs: _, ...waiting } = opened
    return waiting
  } catch {
    throw new AppError("invalid_request", "This sign-in took too long. Go back to the app and start again.")
  }
}
