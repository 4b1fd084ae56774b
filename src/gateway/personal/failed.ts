// What a caller is told whose own key did not answer. Of the operator's accounts nothing is ever told; of one's own, what has to be done.
import { AppError } from "../../app/index.ts"
import { UpstreamFailure } from "../providers/index.ts"
import { kindOf } from "../routing/failures.ts"
import type { Quote } from "../types.ts"

const HOW = "Your keys are under Provider keys, on the page API keys."

export function asOwner({ upstream }: Pick<Quote, "upstream">, failure: UpstreamFailure): UpstreamFailure {
  const { personal } = upstream
  if (personal?.kind !== "own") return failure
  const { status, error } = failure
  const told = (code: "own_key_refused" | "own_key_limited", words: string, extra: AppError["extra"] = {}) => {
    const of = { ...extra, fields: { provider_key: personal.publicId } }
    const own = new UpstreamFailure(new AppError(code, words, of, error.detail), true)
    own.status = status
    return own
  }
  const kind = kindOf(failure)
  if (kind === "key") return told("own_key_refused", `The provider refused your ${personal.label}. ${HOW}`)
  if (kind === "credit")
    return told("own_key_refused", `Your account behind your ${personal.label} has no credit left there. ${HOW}`)
  if (kind !== "rate") return failure
  const { retryAfterSeconds = 1 } = error.extra
  const words = `Your ${personal.label} may not be used so often: its provider asks to wait.`
  return told("own_key_limited", words, { retryAfterSeconds })
}
