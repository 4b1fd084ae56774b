// The nouns of the authorization endpoint: what begins, resumes and ends a request, and what its pages may show.
import type { AppError, ClientId, Nano, UserId } from "../../app/index.ts"
import type { AskingDevice, AuthSession, ClientLinks, ClientSource, Limits, Mode, Scope, ToolPaths } from "../types.ts"

export type LoginReason =
  | "signed_out"
  | "prompt"
  | "select_account"
  | "max_age"
  | "other_account"
  | "stronger"
  | "create"
export type ConsentReason =
  | "first"
  | "revoked"
  | "limits"
  | "tools"
  | "share"
  | "developer"
  | "new_scopes"
  | "expired"
  | "prompt"
  | "native_app"
  | "device"

/** What login and consent pages may show about the app that asks. */
export interface AskingApp extends ClientLinks {
  clientId: ClientId
  clientPublicId: string
  name: string
  ownerId: UserId | null
  /** What its developer chose to earn, basis points of the model's price; null: what the price rule says, or nobody earns. */
  shareBp: number | null
  firstParty: boolean
  source: ClientSource
  /** Of a client that describes itself: the host of its document. */
  documentHost: string | null
  /** All its redirect URIs are on the person's own machine: any program there can say it is this app. */
  loopbackOnly: boolean
  mode: Mode
  /** Where the person returns to: a host for the web, a scheme for a native app. Show it. Null: the sign-in is of a device. */
  returnsTo: string | null
}

/** The app's own site, as its developer registered it: http on this machine, else https. */
export interface AppSite {
  name: string
  url: string
}

export interface ConsentScope {
  scope: Scope
  kind: "identity" | "ai"
  /** `openid` alone cannot be unticked. */
  required: boolean
  /** Granted before, by an earlier consent. */
  granted: boolean
  /** Left unticked before. */
  declined: boolean
  /** What to prefill, n$ per UTC day; null for identity scopes. */
  limitNano: Nano | null
  /** What the app proposes, n$ per UTC day. */
  suggestedNano?: Nano
}

export interface ConsentView {
  app: AskingApp
  reason: ConsentReason
  scopes: ConsentScope[]
  limitMaxNano: Nano
  /** The team whose credits it spends so far; null = their own. */
  payerId: UserId | null
  /** Single tools that it asks for (null = all), and what was chosen before (null = all); null: it asks for none. */
  tools: { named: ToolPaths; before: ToolPaths } | null
  device: AskingDevice | null
}

/** What the pages of signing in may know of an authorization that waits. */
export interface PeekedAuthorization {
  app: AskingApp
  loginHint: string | null
  /** Who saw its consent page. */
  shownTo: UserId | null
  /** Single tools that it asks for; null = all. */
  tools: ToolPaths
  /** At most so long ago may somebody have proved who they are, s; 0 = they do it now. Null = the app does not ask. */
  maxAgeSeconds: number | null
  /** The app asks for an account to be chosen. */
  chooses: boolean
  /** It is this house's own console. */
  isConsole: boolean
}

/** Back to the app, with a code or an error (RFC 6749 §4.1.2). */
export interface Redirect {
  kind: "redirect"
  location: string
  app: AskingApp
}

export type AuthorizeOutcome =
  /** Never redirect: the client or its redirect URI is not to be trusted. `site` may be a link. */
  | { kind: "error-page"; error: AppError; site?: AppSite | undefined }
  /** The app is to be told, but by the person's own click: show who asks, and `location` as a link. */
  | { kind: "refused"; error: AppError; location: string; app: AskingApp }
  | Redirect
  | {
      kind: "login"
      interaction: string
      reason: LoginReason
      loginHint: string | null
      app: AskingApp
      /** Of whom this was found; null: of nobody. */
      person: UserId | null
    }
  | { kind: "consent"; interaction: string; view: ConsentView }

/** Who is signed in to a browser. */
export interface People {
  /** Whom the pages of this house act as. */
  session: AuthSession | null
  /** Everybody else; an app may be another one's than the console. */
  others?: readonly AuthSession[]
}

export interface BeginInput extends People {
  params: URLSearchParams
  /** Ids of the browser's pre-session cookies; the interaction works in this browser only. */
  browserIds: readonly string[]
  requestId: string
  /** Of the visitor: what fetching documents is held against. */
  network?: string
}
export interface ResumeInput extends People {
  interaction: string
  browserIds: readonly string[]
  requestId: string
  /** Whom it is about from now on: they signed in, or pressed "continue as …" (which answers `prompt=select_account` without signing in again). */
  picked?: UserId
  /** A form was sent. Sent twice it gets the same answer; a page that is opened again must not use a code again. */
  formSent?: boolean
}
export interface DecideInput extends Omit<ResumeInput, "formSent" | "picked"> {
  approve: boolean
  scopes: string[]
  limits: Limits
  /** What the scope `mcp` opens, where the app asks for all; not said = what stands, or all. */
  tools?: ToolPaths | undefined
  /** Whose credits it spends: of a team by its public id, null = their own; not said = as it stands, or their own. */
  payer?: string | null | undefined
}
