// What an error inside an answer means for the caller: it came with status 200, so its code is all there is.
import { clean, failure, type UpstreamFailure } from "../../failure.ts"

const CALLERS_FAULT =
  /^(invalid_|image_|empty_image|unsupported_image|failed_to_download|bio_policy|misalignment|context_length)/
const BUSY = new Set(["rate_limit_exceeded", "server_is_overloaded", "slow_down", "overloaded"])

/** @returns null where it says no more than that the provider failed */
export function failureOf({ code, message, param }: Record<string, unknown>): UpstreamFailure | null {
  if (typeof code !== "string") return null
  if (BUSY.has(code)) {
    return failure("provider_overloaded", "The AI provider is busy. Try again in a moment.", true, { code })
  }
  if (!CALLERS_FAULT.test(code)) return null
  const words = typeof message === "string" ? clean(message, "") : ""
  return failure(
    "provider_rejected",
    words || "The AI provider refused this request.",
    false,
    { code },
    {
      fields: { code },
      ...(typeof param === "string" && param !== "" ? { param: clean(param, "") } : {}),
    },
  )
}
