// The nouns of sign-in with others: issuers, what they said of somebody, and the verbs that the door offers.
import type { AppError, UserId } from "../../app/index.ts"
import type { Media } from "../../media/index.ts"
import type { Delivery } from "../../part/index.ts"
import type { Tx, WriteContext } from "../../store/index.ts"
import type { PendingCode, StartedSession, Visitor } from "../types.ts"

export type IssuerPreset = "google" | "oidc"
export type ResponseMode = "query" | "form_post"

/** An OpenID Connect issuer that people of this house may sign in with. */
export interface Issuer {
  slug: string
  /** As it names itself. */
  issuer: string
  preset: IssuerPreset
  name: string
  clientId: string
  hasSecret: boolean
  active: boolean
  /** Whether it may bring people who have no account here. */
  signUp: boolean
  /** Whether its own second factor stands for ours. */
  trustsMfa: boolean
  /** Of addresses; empty = any. */
  domains: readonly string[]
  /** How it answers: `form_post` comes as a form of another site, as Apple's answers do. */
  responseMode: ResponseMode
  /** Of an issuer for many tenants: whose people may come, by tenant ID. */
  tenants: readonly string[]
  /** Client id and secret come from the environment. */
  byEnvironment: boolean
  createdMs: number
  updatedMs: number
}

export interface NewIssuer {
  preset: IssuerPreset
  slug: string
  name: string
  /** Ignored for a preset that knows its own. */
  issuer?: string | undefined
  clientId: string
  /** Empty = none. */
  clientSecret: string
  signUp: boolean
  trustsMfa: boolean
  domains: readonly string[]
  responseMode?: ResponseMode
  tenants?: readonly string[]
}

export interface IssuerChange {
  name?: string
  clientId?: string
  /** Empty or absent = as it is. */
  clientSecret?: string | undefined
  signUp?: boolean
  trustsMfa?: boolean
  domains?: readonly string[]
  responseMode?: ResponseMode
  tenants?: readonly string[]
}

/** What a look at an issuer found. */
export interface IssuerTest {
  ok: boolean
  /** One sentence. */
  message: string
}

/** What a round trip is for, and what it brings along. */
export interface TripInput {
  slug: string
  /** The app's authorization that waits; goes on afterwards. */
  interaction?: string | undefined
  /** Who is expected, as a hint for the issuer. */
  loginHint?: string | null | undefined
  /** At most so long ago may the issuer have asked for the password, s; 0 = it asks now. */
  maxAgeSeconds?: number | null | undefined
  /** The issuer shows its accounts. */
  chooses?: boolean | undefined
  /** A signed-in person who adds a connection. */
  connects?: { userId: UserId; sessionPublicId: string } | undefined
  /** A signed-in person who proves once more that it is them, and where they go on then. */
  confirms?: { userId: UserId; sessionPublicId: string; next: string } | undefined
}

/** What became of an answer. */
export type Arrival = {
  interaction: string | undefined
} /** `isNew`: the account was made, or first proved, by this. */ & (
  | { kind: "in"; started: StartedSession; isNew?: boolean }
  /** Two-step sign-in of the account is on. */
  | { kind: "second"; step: string }
  /** There is an account with this address: it has to be proved. */
  | { kind: "join"; join: string }
  | { kind: "connected"; name: string }
  /** They are who is signed in; on to this local path. */
  | { kind: "confirmed"; next: string }
  /** `confirms`: where they wanted to go on. */
  | { kind: "refused"; error: AppError; connects: boolean; confirms?: string | undefined }
)

/** A sign-in that waits for the proof that an account is theirs. */
export interface WaitingJoin {
  email: string
  issuerName: string
  /** False: only a mailed code proves it. */
  hasPassword: boolean
  /** A code that is on its way. */
  code: PendingCode | null
}

/** One account elsewhere that opens an account here. */
export interface Connection {
  /** `ext_…` */
  publicId: string
  /** Of the issuer, or its host where it is not offered any more. */
  name: string
  /** Null = no issuer of this house any more, or one that is off. */
  slug: string | null
  preset: IssuerPreset
  email: string | null
  linkedMs: number
  usedMs: number
}

export type Joined = { kind: "in"; started: StartedSession } | { kind: "second"; step: string }

export interface FederationVerbs {
  /** In their order; those that are on first asked by pages. */
  issuers(): Issuer[]
  issuerBySlug(slug: string): Issuer | null
  /** How many people each issuer knows, by its name for itself. */
  issuerPeople(issuer: string): { people: number; onlyWay: number }
  /** Where an issuer sends people back to. */
  callbackOf(slug: string): string
  /** @throws AppError validation_failed (formErrors by field), conflict */
  addIssuer(ctx: WriteContext, input: NewIssuer): Promise<Issuer>
  /** @throws AppError not_found, validation_failed */
  editIssuer(ctx: WriteContext, slug: string, change: IssuerChange): Promise<Issuer>
  /** @throws AppError not_found */
  enableIssuer(ctx: WriteContext, slug: string, active: boolean): Promise<Issuer>
  /** One place up among its kind. @throws AppError not_found */
  raiseIssuer(ctx: WriteContext, slug: string): Promise<Issuer>
  /** Who it brought stays; with it goes their way in by it. @throws AppError not_found, conflict (set by the environment) */
  removeIssuer(ctx: WriteContext, slug: string): Promise<Issuer>
  /** Reads its documents and asks whether it knows our client. @throws AppError not_found */
  testIssuer(slug: string): Promise<IssuerTest>
  /** What the environment says of Google, into its row. */
  adoptConfigured(ctx: WriteContext): Promise<void>

  /** The address at the issuer to go to. @throws AppError not_found, unavailable in words for people */
  beginTrip(visitor: Visitor, trip: TripInput): Promise<string>
  /**
   * What an issuer answered. Whoever may come in is in; what went wrong after the question was recognised as this browser's is `refused`.
   * @param query of the callback as it came
   * @throws AppError invalid_request when it is no answer to a question of this browser
   */
  endTrip(visitor: Visitor, browserIds: readonly string[], slug: string, query: string): Promise<Arrival>
  /** Null when it is over, or of another browser. */
  waitingJoinOf(visitor: Visitor, join: string): WaitingJoin | null
  /** @throws AppError unauthenticated (over), validation_failed (formErrors current), rate_limit_exceeded, overloaded */
  joinByPassword(visitor: Visitor, input: { join: string; password: string }): Promise<Joined>
  /** @throws AppError unauthenticated (over), rate_limit_exceeded */
  sendJoinCode(visitor: Visitor, join: string): Promise<PendingCode>
  /** @throws AppError unauthenticated (over), validation_failed (formErrors code) */
  joinByCode(visitor: Visitor, input: { join: string; code: string }): Promise<Joined>

  /** Of somebody who just came, from where their issuer said. Rejects for what may be over in a while. */
  fetchPicture(media: Pick<Media, "addressOf" | "storeImage" | "showIn">, delivery: Delivery): Promise<void>

  connectionsOf(userId: UserId): Connection[]
  /** Issuers by which this person can prove once more who they are: those that say when they asked, and by enough factors. */
  confirmIssuers(userId: UserId): Issuer[]
  hasPassword(userId: UserId): boolean
  /** @throws AppError not_found, conflict (the last way in) */
  disconnectIn(tx: Tx, input: { userId: UserId; publicId: string }): Connection
}
