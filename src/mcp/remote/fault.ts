// How a server failed, in words for the person whose server it is, and for a program that called one of its tools.
import { AppError } from "../../app/index.ts"
import { SafeFetchError } from "../../http/index.ts"
import { MCP_LIMITS } from "../limits.ts"
import { BROKEN } from "./answering.ts"

export type FaultReason =
  | "address"
  | "unreachable"
  | "sign_in"
  | "timeout"
  | "too_large"
  | "cancelled"
  | "refused"
  | "protocol"

export class Fault extends Error {
  override name = "Fault"
  /** Where the server said that it tells who signs people in (RFC 9728 §5.1). */
  resourceMetadataUrl: string | null = null
  constructor(
    readonly reason: FaultReason,
    message: string,
    readonly detail?: unknown,
  ) {
    super(message)
  }
}

const OF_FETCH: Readonly<Record<SafeFetchError["reason"], FaultReason>> = {
  bad_url: "address",
  blocked: "address",
  unresolved: "address",
  unreachable: "unreachable",
  too_slow: "timeout",
  too_large: "too_large",
  broken: "protocol",
}

/** Codes of JSON-RPC and of the SDK. */
const REQUEST_TIMEOUT = -32_001
const CONNECTION_CLOSED = -32_000

/** @param met what the way to the server met, which the SDK may have wrapped in words of its own */
export function faultOf(error: unknown, met: SafeFetchError | null): Fault {
  if (error instanceof Fault) return error
  const known = error instanceof SafeFetchError ? error : met
  if (known) return new Fault(OF_FETCH[known.reason], known.message, known.detail)
  const { code, data } = (error ?? {}) as { code?: unknown; data?: { reason?: unknown } }
  if (code === BROKEN) return faultOf(new SafeFetchError(reasonOf(data?.reason)), null)
  if (code === 401 || code === 403 || (error as Error)?.name === "UnauthorizedError")
    return new Fault("sign_in", "That server refuses the credential.", error)
  if (code === REQUEST_TIMEOUT) return new Fault("timeout", "That server took too long.", error)
  if (code === CONNECTION_CLOSED) return new Fault("unreachable", "That server closed the connection.", error)
  if (typeof code === "number" && code < 0) return new Fault("refused", `That server says: ${said(error)}`, error)
  if (typeof code === "number" && code >= 300)
    return new Fault("protocol", `That server answered with the status ${code}.`, error)
  return new Fault("protocol", "That server does not speak MCP as it should.", error)
}

const reasonOf = (text: unknown): SafeFetchError["reason"] =>
  typeof text === "string" && Object.hasOwn(OF_FETCH, text) ? (text as SafeFetchError["reason"]) : "unreachable"

/** A stranger's words: short, on one line, without what draws over other text. */
const said = (error: unknown): string =>
  String((error as Error)?.message ?? "")
    .replace(/^MCP error -?\d+: /, "")
    .replace(/[\p{C}\s]+/gu, " ")
    .trim()
    .slice(0, MCP_LIMITS.remoteWordsMax)

/** As a call is told. */
export function callError(fault: Fault, server: string): AppError {
  const fields = { server, reason: fault.reason }
  if (fault.reason === "timeout") return new AppError("tool_timeout", fault.message, { fields }, fault.detail)
  return new AppError("tool_error", fault.message, { fields }, fault.detail)
}
