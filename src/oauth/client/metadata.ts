// Client metadata as a document or a registration gives it (RFC 7591 §2), read from an allow-list; anything else in it means nothing
// here. Pure. What a client may look like is the same rule as for apps of developers.
import { AppError, ensure, type Reserved } from "../../app/index.ts"
import { DEVICE_GRANT } from "../device/grant-type.ts"
import { parseScopes, SCOPES } from "../scopes.ts"
import type { ClientType } from "../types.ts"
import { type ClientForm, checkClient } from "./rules.ts"
import { PLAIN } from "./verbs.ts"

export type Metadata = Readonly<Record<string, unknown>>
export type CheckedClient = ReturnType<typeof checkClient>

const GRANTS = ["authorization_code", "refresh_token", DEVICE_GRANT]
const METHODS = ["none", "client_secret_basic", "client_secret_post"]

/** @throws AppError invalid_client_metadata, invalid_redirect_uri */
export function readMetadata(metadata: Metadata, type: ClientType, reserved: Reserved): CheckedClient {
  const grants = texts(metadata, "grant_types") ?? ["authorization_code"]
  const unknown = grants.find((grant) => !GRANTS.includes(grant))
  if (unknown !== undefined && !grants.some((grant) => GRANTS.includes(grant)))
    throw wrong(`grant_types holds nothing that is offered here. Use ${GRANTS.join(", ")}.`)
  const responses = texts(metadata, "response_types") ?? ["code"]
  ensure(
    !grants.includes("authorization_code") || responses.includes("code"),
    "invalid_client_metadata",
    "response_types must hold code.",
  )
  const scope = textOf(metadata, "scope")
  const form: ClientForm = {
    ...PLAIN,
    type,
    name: textOf(metadata, "client_name") ?? "",
    redirectUris: texts(metadata, "redirect_uris") ?? [],
    // Without the word: whatever it asks for at sign-in, since nobody gave it less (RFC 7591 §2 leaves the default to the server).
    scopes: scope === null ? [...SCOPES] : parseScopes(scope),
    homepageUrl: textOf(metadata, "client_uri"),
    policyUri: textOf(metadata, "policy_uri"),
    tosUri: textOf(metadata, "tos_uri"),
    supportUrl: null,
    deviceFlow: grants.includes(DEVICE_GRANT),
    requirePar: metadata.require_pushed_authorization_requests === true,
    postLogoutUris: texts(metadata, "post_logout_redirect_uris") ?? [],
    detailTypes: texts(metadata, "authorization_details_types"),
  }
  try {
    return checkClient(form, reserved)
  } catch (error) {
    throw error instanceof AppError ? asMetadataError(error) : error
  }
}

/** Public or not, as it says itself: no word means a secret (RFC 7591 §2). @throws AppError invalid_client_metadata */
export function typeOf(metadata: Metadata): { type: ClientType; method: string } {
  const method = textOf(metadata, "token_endpoint_auth_method") ?? "client_secret_basic"
  ensure(
    METHODS.includes(method),
    "invalid_client_metadata",
    `token_endpoint_auth_method is not offered here. Use ${METHODS.join(", ")}.`,
  )
  return { type: method === "none" ? "public" : "confidential", method }
}

/** @throws AppError invalid_client_metadata */
export function objectOf(value: unknown): Metadata {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong("Send one JSON object.")
  return value as Metadata
}

function textOf(metadata: Metadata, name: string): string | null {
  const value = metadata[name]
  if (value === undefined || value === null) return null
  if (typeof value !== "string") throw wrong(`${name} must be a text.`)
  return value
}

function texts(metadata: Metadata, name: string): string[] | null {
  const value = metadata[name]
  if (value === undefined || value === null) return null
  if (!Array.isArray(value) || value.length > 100 || !value.every((one) => typeof one === "string"))
    throw wrong(`${name} must be a list of texts.`)
  return value
}

const NAMES: Record<string, string> = {
  name: "client_name",
  scopes: "scope",
  redirectUris: "redirect_uris",
  homepageUrl: "client_uri",
  policyUri: "policy_uri",
  tosUri: "tos_uri",
  postLogoutUris: "post_logout_redirect_uris",
  detailTypes: "authorization_details_types",
}

function asMetadataError(error: AppError): AppError {
  const errors = Object.entries(error.extra.formErrors ?? {})
  const words = errors.map(([field, text]) => `${NAMES[field] ?? field}: ${text}`).join(" ")
  const isRedirect = errors.length > 0 && errors.every(([field]) => field === "redirectUris")
  return new AppError(isRedirect ? "invalid_redirect_uri" : "invalid_client_metadata", words || error.message)
}

const wrong = (words: string): AppError => new AppError("invalid_client_metadata", words)
