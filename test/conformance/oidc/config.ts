// The Config OP plan: the discovery document by the letter. https://openid.net/specs/openid-connect-discovery-1_0.html
import { answerOf, type Json, must, mustEqual, type Plan, type Run } from "./run.ts"

const ENDPOINTS = ["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"] as const
/** Lists by which clients decide: each member is an array of texts where it is there at all. */
const LISTS = [
  "response_types_supported",
  "response_modes_supported",
  "grant_types_supported",
  "subject_types_supported",
  "id_token_signing_alg_values_supported",
  "token_endpoint_auth_methods_supported",
  "code_challenge_methods_supported",
  "scopes_supported",
  "claims_supported",
  "claim_types_supported",
  "display_values_supported",
  "prompt_values_supported",
  "acr_values_supported",
  "ui_locales_supported",
  "claims_locales_supported",
  "dpop_signing_alg_values_supported",
  "authorization_details_types_supported",
] as const
const FLAGS = [
  "claims_parameter_supported",
  "request_parameter_supported",
  "request_uri_parameter_supported",
  "require_request_uri_registration",
  "authorization_response_iss_parameter_supported",
  "backchannel_logout_supported",
  "backchannel_logout_session_supported",
  "client_id_metadata_document_supported",
  "require_pushed_authorization_requests",
] as const

/** https, or http on this machine alone: no certificate could be had for a test. */
function mustBeSafe(address: unknown, what: string): void {
  must(typeof address === "string" && URL.canParse(address), `${what} is no address`)
  const url = new URL(address)
  const isHere = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname)
  must(url.protocol === "https:" || isHere, `${what} is not https`)
  must(!url.hash, `${what} has a fragment`)
}

function mustFitSchema(as: Json): void {
  for (const name of LISTS) {
    const list = as[name]
    must(
      list === undefined || (Array.isArray(list) && list.every((one) => typeof one === "string")),
      `${name} is no list of texts`,
    )
    must(list === undefined || new Set(list as string[]).size === (list as string[]).length, `${name} repeats itself`)
  }
  for (const name of FLAGS) must(as[name] === undefined || typeof as[name] === "boolean", `${name} is no boolean`)
  for (const [name, value] of Object.entries(as)) {
    if (name.endsWith("_endpoint") || name === "jwks_uri") mustBeSafe(value, name)
  }
}

/** RFC 6749 §3.3: what may stand in a scope. */
const isScope = (scope: string): boolean => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(scope)
/** BCP 47, as far as a locale of pages goes. */
const isLocale = (text: string): boolean => /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/.test(text)

async function discovery(run: Run): Promise<void> {
  const response = await fetch(`${run.target.issuer}/.well-known/openid-configuration`)
  mustEqual(response.status, 200, "status")
  must(response.headers.get("content-type")?.startsWith("application/json"), "the document is no JSON")
  const { as } = run
  mustEqual(as.issuer as string, run.target.issuer, "issuer")
  mustBeSafe(as.issuer, "issuer")
  must(!new URL(String(as.issuer)).search, "the issuer has a query")
  for (const name of ENDPOINTS) must(as[name], `${name} is missing`)
  mustFitSchema(as)
  must(run.supports("response_types_supported", "code"), "response_types_supported lacks code")
  must(
    run.supports("subject_types_supported", "public") || run.supports("subject_types_supported", "pairwise"),
    "subject_types_supported",
  )
  must(run.supports("id_token_signing_alg_values_supported", "RS256"), "RS256 is not offered")
  must(run.supports("grant_types_supported", "authorization_code"), "grant_types_supported lacks authorization_code")
  must(run.supports("scopes_supported", "openid"), "scopes_supported lacks openid")
  must(Array.isArray(as.code_challenge_methods_supported), "code_challenge_methods_supported is missing")
  must((as.scopes_supported as string[]).every(isScope), "a scope that no request could name")
  must(((as.ui_locales_supported ?? []) as string[]).every(isLocale), "locales")
  if (!run.supports("claims_supported", "sub")) run.warn("claims_supported lacks sub")
  const jwks = await answerOf(await fetch(run.at("jwks_uri")))
  mustEqual(jwks.status, 200, "status of the keys")
  must(Array.isArray(jwks.body.keys) && jwks.body.keys.length > 0, "there are no keys")
  for (const key of jwks.body.keys as Json[]) {
    for (const secret of ["d", "p", "q", "dp", "dq", "qi", "k"])
      must(key[secret] === undefined, `a key shows ${secret}`)
  }
}

export const CONFIG_PLAN: Plan = {
  "oidcc-discovery-endpoint-verification": discovery,
  async "oauth-authorization-server-metadata"(run) {
    // RFC 8414 §3: what clients ask for that know no OpenID Connect.
    const answer = await answerOf(await fetch(`${run.target.issuer}/.well-known/oauth-authorization-server`))
    if (answer.status === 404) run.skip("RFC 8414 is not offered")
    mustEqual(answer.body.issuer as string, run.target.issuer, "issuer")
    for (const name of ["authorization_endpoint", "token_endpoint", "jwks_uri", "registration_endpoint"]) {
      mustEqual(answer.body[name] as string, run.as[name] as string, name)
    }
    must(
      Array.isArray(answer.body.code_challenge_methods_supported),
      "MCP clients refuse without code_challenge_methods_supported",
    )
  },
}
