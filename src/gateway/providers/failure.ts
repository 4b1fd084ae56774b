// Why an upstream did not answer, in our words. An upstream's own account troubles (401, 402, 403) must never reach a client
// (research §4).
import { AppError, type ErrorCode } from "../../app/index.ts"
import { GATEWAY_LIMITS } from "../limits.ts"

/** An upstream's failure, and whether another one may be asked. */
export class UpstreamFailure extends Error {
  constructor(
    readonly error: AppError,
    readonly mayFallBack: boolean,
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
): UpstreamFailure => new UpstreamFailure(new AppError(code, message, extra, detail), mayFallBack)

export const brokenAnswer = (detail: unknown): UpstreamFailure =>
  failure("provider_error", "The AI provider sent an answer we cannot read. Try again.", true, detail)

/** An answer that was made, and so billed there, and then lost: the caller's SDK must not ask for it again by itself. */
export const lostAnswer = (detail: unknown, mayFallBack: boolean): UpstreamFailure =>
  failure("provider_error", "The answer of the AI provider was lost on its way. Try again.", mayFallBack, detail, {
    headers: { "x-should-retry": "false" },
  })

export const unreachable = (detail: unknown): UpstreamFailure =>
  failure("provider_error", "The AI provider cannot be reached. Try again, or use another model.", true, detail)

export const timedOut = (what: string): UpstreamFailure =>
  failure("provider_timeout", "The AI provider took too long. Try again, or use another model.", false, { what })

/** Bearer-looking words and the upstream's own key never leave, whatever an upstream echoes. */
export function clean(text: string, key: string): string {
  const without = key === "" ? text : text.replaceAll(key, "[key]")
  return without
    .replace(/\b(sk|rk|pk|key)-[\w*-]{6,}/g, "[key]")
    .trim()
    .slice(0, GATEWAY_LIMITS.upstreamMessageCharsMax)
}
