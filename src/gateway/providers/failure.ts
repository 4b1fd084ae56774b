// Why an upstream did not answer, in our words. An upstream's own account troubles (401, 402, 403) must never reach a client
// (research §4).
import { AppError, type ErrorCode } from "../../app/index.ts"
import { GATEWAY_LIMITS } from "../limits.ts"

/** An upstream's failure, and whether another one may be asked. */
export class UpstreamFailure extends Error {
  /** HTTP status of the refusal; null = there was no such answer. */
  status: number | null = null

  constructor(
    readonly error: AppError,
    readonly mayFallBack: boolean,
    /** Where no status says it. */
    readonly nature: "network" | "broken" | null = null,
  ) {
    super(error.message)
  }
}

export const failure = (
  code: ErrorCode,
  message: string,
  mayFallBack: boolean,
  detail: unknown,
  extra: AppError["extra"] = {},
  nature: UpstreamFailure["nature"] = null,
): UpstreamFailure => new UpstreamFailure(new AppError(code, message, extra, detail), mayFallBack, nature)

export const brokenAnswer = (detail: unknown): UpstreamFailure =>
  failure("provider_error", "The AI provider sent an answer we cannot read. Try again.", true, detail, {}, "broken")

/** An answer that was made, and so billed there, and then lost: the caller's SDK must not ask for it again by itself. */
export const lostAnswer = (detail: unknown, mayFallBack: boolean): UpstreamFailure =>
  failure(
    "provider_error",
    "The answer of the AI provider was lost on its way. Try again.",
    mayFallBack,
    detail,
    { headers: { "x-should-retry": "false" } },
    "broken",
  )

export const unreachable = (detail: unknown): UpstreamFailure => {
  const words = "The AI provider cannot be reached. Try again, or use another model."
  return failure("provider_error", words, true, detail, {}, "network")
}

/** @param what `silence`: another one may be asked, as long as nothing was said; else the call's own time is over */
export const timedOut = (what: string): UpstreamFailure => {
  const words = "The AI provider took too long. Try again, or use another model."
  return failure("provider_timeout", words, what === SILENCE, { what })
}
export const SILENCE = "silence"

/** Bearer-looking words and the upstream's own key never leave, whatever an upstream echoes. */
export function clean(text: string, key: string): string {
  const without = key === "" ? text : text.replaceAll(key, "[key]")
  return without
    .replace(/\b(sk|rk|pk|key)-[\w*-]{6,}/g, "[key]")
    .trim()
    .slice(0, GATEWAY_LIMITS.upstreamMessageCharsMax)
}
