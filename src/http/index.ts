// The door of `http`: what every site needs to read requests and answer them.

export { allowing, type Classify, classifyAddress } from "./addresses.ts"
export * from "./astray.ts"
export * from "./body.ts"
export * from "./body-budget.ts"
export * from "./bounded.ts"
export * from "./context.ts"
export * from "./cookies.ts"
export * from "./csrf.ts"
export { csvHeaders } from "./csv.ts"
export * from "./dialects.ts"
export * from "./form/index.ts"
export * from "./forms.ts"
export * from "./forwarded.ts"
export * from "./handler.ts"
export * from "./headers.ts"
export {
  HOST_PROOF_LIMITS,
  lookForProof,
  type Proving,
  proofWords,
  provableHost,
  seenAgain,
  systemDns,
} from "./host-proof.ts"
export { ListenError, listening } from "./listen.ts"
export * from "./local-path.ts"
export { isMultipart } from "./multipart.ts"
export { createOrigins, type HostName, type Origins } from "./origins.ts"
export { createPlaces, type Places } from "./places.ts"
export * from "./redirect.ts"
export * from "./refused.ts"
export * from "./responses.ts"
export { createSafeCheck, type SafeCheck } from "./safe-check.ts"
export {
  createSafeFetch,
  type SafeFetch,
  type SafeFetchDeps,
  SafeFetchError,
  type SafeFetchReason,
  type SafeRequest,
  type SafeResponse,
} from "./safe-fetch.ts"
export { createSafeForward, ForwardError, type ForwardRequest, type SafeForward } from "./safe-forward.ts"
export { createSafeStream, type SafeStream, type SafeStreamRequest } from "./safe-stream.ts"
export * from "./sdk-release.ts"
export * from "./server.ts"
export { readSpooled, type Spooled, type SpooledFile } from "./spool.ts"
export * from "./sse.ts"
export * from "./static.ts"
export { isSwap } from "./swap.ts"
export * from "./traffic.ts"
export * from "./web.ts"
