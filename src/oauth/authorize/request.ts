// An authorization request while it is checked, and what is left of it once it passed. Only the latter is ever sealed.
import { ClientId } from "../../app/index.ts"
import { type ClaimsAsked, NO_CLAIMS } from "../claims.ts"
import type { Core } from "../core.ts"
import type { Suggested } from "../details.ts"
import type { Waiting } from "../fedcm/waiting.ts"
import { SCOPES } from "../scopes.ts"
import type { AskingDevice, Client, Scope } from "../types.ts"

export type Prompt = "none" | "login" | "consent" | "select_account" | "create"

/** A request that passed every check. Sealed in an interaction; forms carry none of it in the open. */
export interface AuthRequest {
  clientId: ClientId
  /** The sign-in of a device that showed a code: it has no redirect URI, and its answer goes to whoever holds the device code. */
  device: (AskingDevice & { id: number }) | null
  redirectUri: string
  /** A browser asks for a page of the app (FedCM): the answer goes back to the browser, and only once it asks again. */
  fedcm?: Waiting
  state: string | null
  scopes: Scope[]
  codeChallenge: string
  nonce: string | null
  prompt: Prompt[]
  maxAgeMs: number | null
  /** Single claims about the person, beside those of the scopes. */
  claims: ClaimsAsked
  /** Scopes that open them, and that the request does not ask for whole: the person is asked, the token does not have them. */
  claimScopes: Scope[]
  /** Daily limits that the app proposes; the person decides. */
  suggested: Suggested
  /** How strong the sign-in is to be; null: no wish. */
  acr: { values: string[]; isEssential: boolean } | null
  /** The person must be this one (id_token_hint, or `sub` in `claims`). */
  expectedSub: string | null
  loginHint: string | null
  /** Thumbprint of the key that alone may redeem the code (RFC 9449 §10). */
  dpopJkt: string | null
  /** What the tokens are for (RFC 8707); null = not said. */
  resources: string[] | null
}

/** What the person is asked for. */
export const asksFor = ({ scopes, claimScopes }: AuthRequest): Scope[] =>
  SCOPES.filter((scope) => scopes.includes(scope) || claimScopes.includes(scope))

/** What the checks work on: they read parameters and fill in the request. */
export interface Draft {
  readonly core: Core
  readonly params: URLSearchParams
  /** Whose requests to the outside this counts among. */
  readonly network: string
  readonly requestId: string
  /** A parameter's value; empty means absent (OAuth 2.1 §3.1). */
  readonly param: (name: string) => string | null
  client: Client | null
  /** It came by /par. */
  readonly isPushed: boolean
  /** Client and redirect URI are known to belong together: from here on errors may be sent there. */
  trusted: boolean
  readonly request: AuthRequest
}

export type Check = (draft: Draft) => void | Promise<void>

export const newDraft = (
  core: Core,
  params: URLSearchParams,
  {
    isPushed = false,
    network = "unknown",
    requestId = "req_none",
  }: { isPushed?: boolean; network?: string | undefined; requestId?: string } = {},
): Draft => ({
  core,
  params,
  network,
  requestId,
  param: (name) => params.get(name) || null,
  client: null,
  isPushed,
  trusted: false,
  request: {
    clientId: ClientId(0),
    device: null,
    redirectUri: "",
    state: null,
    scopes: [],
    codeChallenge: "",
    nonce: null,
    prompt: [],
    maxAgeMs: null,
    claims: NO_CLAIMS,
    claimScopes: [],
    suggested: {},
    acr: null,
    expectedSub: null,
    loginHint: null,
    dpopJkt: null,
    resources: null,
  },
})
