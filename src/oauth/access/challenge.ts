// What a refused call of a protected resource is told in WWW-Authenticate (RFC 6750 §3, RFC 9728 §5.1, RFC 9449 §7.1): what is wrong, what
// would open it, and where it says how to get that.
import type { AppError } from "../../app/index.ts"
import { DPOP_ALGS } from "../dpop/algs.ts"
import { metadataUrl } from "./resources.ts"

export interface Challenged {
  /** Of the resource. */
  origin: string
  /** Path of the resource. */
  path: string
  /** What this call needs, where it is known. */
  scope?: string | undefined
  /** The token came with `Authorization: DPoP`. */
  dpop?: boolean
}

/** @returns the header; null where a token would change nothing */
export function challengeOf(error: AppError, { origin, path, scope, dpop = false }: Challenged): string | null {
  if (error.status !== 401 && error.status !== 403) return null
  const needed = error.extra.fields?.scope ?? scope
  const parts = [
    ...(told(error) === null ? [] : [`error="${told(error)}"`]),
    ...(typeof needed === "string" ? [`scope="${needed}"`] : []),
    `resource_metadata="${metadataUrl(origin, path)}"`,
  ].join(", ")
  const algs = `algs="${DPOP_ALGS.join(" ")}"`
  if (dpop || isAboutProof(error)) return `DPoP ${parts}, ${algs}`
  return error.code === "token_missing" ? `Bearer ${parts}, DPoP ${algs}` : `Bearer ${parts}`
}

const isAboutProof = ({ code }: AppError): boolean => code === "dpop_proof_invalid" || code === "dpop_nonce_needed"

/** Only what the RFCs have a word for. */
function told({ status, code, kind }: AppError): string | null {
  if (code === "token_missing" || code === "unauthenticated") return null
  if (status === 401 || code === "insufficient_scope") return kind.oauth ?? "invalid_token"
  return null
}
