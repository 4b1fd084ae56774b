// What does not pass, and why: everything else must. A line that passes after all has to go.
import { RP_PLAN } from "./relying.ts"

const NO_IAT =
  "where a nonce says that a proof is fresh it does not look at iat, which RFC 9449 §4.3 leaves to the server"

/** Of the reference, `oidc-provider`. */
export const REFERENCE_FAILS: Readonly<Record<string, string>> = {
  "oidcc-registration-redirect-uri-schemes": "registers http: addresses of other machines, which RFC 9700 §2.6 forbids",
  "fapi2-security-profile-final-par-attempt-to-use-expired-request_uri":
    "its pushed requests live for a minute, longer than this run waits",
  "dpop-stale-iat-rejected": NO_IAT,
  "dpop-future-iat-rejected": NO_IAT,
  "dpop-resource-stale-iat-rejected": NO_IAT,
}

/** Scopes and features that a server does not offer; the OpenID Foundation's own suite skips these too. */
const NOT_OFFERED = {
  "oidcc-idtoken-unsigned": "alg none is not offered",
  "oidcc-ensure-request-object-with-redirect-uri": "request objects are not offered",
}

export const REFERENCE_SKIPS: Readonly<Record<string, string>> = {
  ...NOT_OFFERED,
  ...Object.fromEntries(
    Object.keys(RP_PLAN).map((name) => [name, "it signs nobody in with others: it is no relying party"]),
  ),
  "oidcc-server-rotate-keys": "it reads its keys once",
}

export const PURSER_SKIPS: Readonly<Record<string, string>> = {
  ...NOT_OFFERED,
  "oidcc-scope-address": "people have no address here",
  "oidcc-scope-phone": "people have no phone number here",
  "oidcc-scope-all": "as the two before",
}

export const PURSER_FAILS: Readonly<Record<string, string>> = {}
