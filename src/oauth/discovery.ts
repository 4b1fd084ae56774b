// Server metadata, one document under two names (OIDC Discovery 1.0, RFC 8414): clients that ask for either find
// everything. Built from the configured issuer alone, never from a request's headers.
import { PERSON_CLAIMS } from "./claims.ts"
import type { Core } from "./core.ts"
import { DETAIL_TYPES } from "./detail-types.ts"
import { DPOP_ALGS } from "./dpop/algs.ts"
import { SIGNING_ALGS } from "./keys/algs.ts"
import { SCOPES } from "./scopes.ts"
import { DOCUMENTS, REGISTRATION } from "./settings.ts"
import { ACR_VALUES } from "./token/acr.ts"
import { GRANT_TYPES_SUPPORTED } from "./token/endpoint.ts"

const SECRET_METHODS = ["client_secret_basic", "client_secret_post"]
const AUTH_METHODS = [...SECRET_METHODS, "none"]

/** MCP clients refuse a server without `code_challenge_methods_supported`. */
export const serverMetadata = (core: Core): Record<string, unknown> => ({
  issuer: core.issuer,
  authorization_endpoint: `${core.issuer}/authorize`,
  token_endpoint: `${core.issuer}/token`,
  userinfo_endpoint: `${core.issuer}/userinfo`,
  revocation_endpoint: `${core.issuer}/revoke`,
  device_authorization_endpoint: `${core.issuer}/device_authorization`,
  client_id_metadata_document_supported: core.setting(DOCUMENTS) === "yes",
  ...(core.setting(REGISTRATION) === "yes" ? { registration_endpoint: `${core.issuer}/register` } : {}),
  pushed_authorization_request_endpoint: `${core.issuer}/par`,
  require_pushed_authorization_requests: false,
  end_session_endpoint: `${core.issuer}/logout`,
  backchannel_logout_supported: true,
  backchannel_logout_session_supported: true,
  introspection_endpoint: `${core.issuer}/introspect`,
  jwks_uri: `${core.issuer}/.well-known/jwks.json`,
  scopes_supported: SCOPES,
  response_types_supported: ["code"],
  response_modes_supported: ["query"],
  grant_types_supported: GRANT_TYPES_SUPPORTED,
  token_endpoint_auth_methods_supported: AUTH_METHODS,
  revocation_endpoint_auth_methods_supported: AUTH_METHODS,
  introspection_endpoint_auth_methods_supported: SECRET_METHODS,
  code_challenge_methods_supported: ["S256"],
  authorization_response_iss_parameter_supported: true,
  subject_types_supported: ["public"],
  id_token_signing_alg_values_supported: SIGNING_ALGS,
  dpop_signing_alg_values_supported: DPOP_ALGS,
  claim_types_supported: ["normal"],
  claims_supported: [
    "sub",
    "iss",
    "aud",
    "azp",
    "exp",
    "iat",
    "auth_time",
    "nonce",
    "at_hash",
    "acr",
    "amr",
    "sid",
    ...PERSON_CLAIMS,
  ],
  acr_values_supported: ACR_VALUES,
  authorization_details_types_supported: DETAIL_TYPES,
  claims_parameter_supported: true,
  request_parameter_supported: false,
  request_uri_parameter_supported: false,
  prompt_values_supported: ["none", "login", "consent", "select_account", "create"],
  service_documentation: `${core.issuer}/docs`,
  ui_locales_supported: ["en"],
})
