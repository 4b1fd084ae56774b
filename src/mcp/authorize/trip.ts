// A person's way to a server's sign-in and back: `state` holds it, sealed for that person and that server. Nobody else can end it, another
// browser's person included, and it is over in ten minutes.
import { AppError, MINUTE_MS } from "../../app/index.ts"
import type { Core } from "../core.ts"

const PURPOSE = "mcp-sign-in"
const TRIP_MS = 10 * MINUTE_MS
const STATE_CHARS_MAX = 4_096

const placeOf = (userId: number, publicId: string): string => `mcp-trip:${userId}:${publicId}`

export const sealTrip = (
  core: Pick<Core, "keyring" | "clock">,
  userId: number,
  publicId: string,
  verifier: string,
): string =>
  core.keyring.seal(
    PURPOSE,
    placeOf(userId, publicId),
    JSON.stringify({ verifier, untilMs: core.clock.now() + TRIP_MS }),
  )

/** @returns the verifier. @throws AppError invalid_request */
export function openTrip(
  core: Pick<Core, "keyring" | "clock">,
  userId: number,
  publicId: string,
  state: string,
): string {
  try {
    if (state.length > STATE_CHARS_MAX) throw new Error("too long")
    const { verifier, untilMs } = JSON.parse(core.keyring.open(PURPOSE, placeOf(userId, publicId), state)) as {
      verifier: string
      untilMs: number
    }
    if (untilMs < core.clock.now()) throw new Error("over")
    return verifier
  } catch (error) {
    throw new AppError(
      "invalid_request",
      "That sign-in is over. Begin it again from the page of the server.",
      {},
      error,
    )
  }
}
