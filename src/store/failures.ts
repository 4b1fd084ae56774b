// The two ways a commit fails: rolled back, or outcome unknown.
import { AppError } from "../app/index.ts"

/** COMMIT or its sync hit an I/O error: the outcome is unknown. The process must stop and recover at the next boot. */
export class OutcomeUnknownError extends Error {
  override name = "OutcomeUnknownError"
}

export const unavailable = (cause: unknown): AppError =>
  new AppError(
    "unavailable",
    "The server could not save that. Nothing was changed; try again.",
    { retryAfterSeconds: 1 },
    cause,
  )
