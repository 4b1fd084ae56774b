// The interface of this domain: every verb that other folders may call.
import type { AppError, Nano, UserId } from "../app/index.ts"
import type { Delivery } from "../part/index.ts"
import type { Reader, Tx, WriteContext } from "../store/index.ts"
import type { FindResource } from "./access/resources.ts"
import type { MoveClient } from "./client/move.ts"
import type { SetShare } from "./client/share.ts"
import type { AwayInput } from "./consent/away.ts"
import type { SigningKeyView } from "./keys/keys.ts"
import type { TrialInput } from "./token/trial.ts"
import type {
  AccessClaims,
  AddSecret,
  AiScope,
  AppReviewState,
  AppToOpen,
  AuthorizeOutcome,
  BeginDeviceInput,
  BeginInput,
  BeginLogout,
  Client,
  ClientSecret,
  Consent,
  ConsentWithClient,
  DecideInput,
  DeviceAuthorization,
  EndedSession,
  EndpointInput,
  FedcmVerbs,
  Introspection,
  Limits,
  LiveGrant,
  LogoutOutcome,
  LogoutReturn,
  OpenEndpointInput,
  OwnerFilter,
  PeekedAuthorization,
  ProvenCall,
  PushedResponse,
  RegisterClient,
  RegisteredClient,
  RegistrationAccess,
  RegistrationInput,
  ResumeInput,
  TokenResponse,
  ToolPaths,
  UpdateClient,
  UserinfoClaims,
} from "./types.ts"

export interface Oauth {
  readonly issuer: string
  readonly audience: string

  /** @throws AppError validation_failed with formErrors */
  registerClientIn(tx: Tx, input: RegisterClient): { client: Client; secret: string | null }
  /** The appliance's own client of that key, made once; later calls bring redirect URIs and scopes up to date. */
  ensureFirstPartyIn(tx: Tx, input: { key: string; name: string; redirectUris: string[] }): Client
  updateClientIn(tx: Tx, input: UpdateClient): Client
  /** Closed at once, for good in a week. @returns when @throws AppError not_found, conflict (suspended, deleted already) */
  deleteClientIn(tx: Tx, input: { ownerId: OwnerFilter; clientPublicId: string }): number
  /** Within that week. @throws AppError not_found, conflict */
  restoreClientIn(tx: Tx, input: { ownerId: OwnerFilter; clientPublicId: string }): void
  /**
   * To another developer, who has accepted it: no secret, token, code or webhook secret of before counts any more, and whoever allowed the app is
   * asked again. @throws AppError not_found, conflict (suspended, deleted, the other has too many), validation_failed (redirectUris)
   */
  moveClientIn(tx: Tx, input: MoveClient): Client
  /** What an admin decided of it, or that it waits for one; who says so keeps the log. */
  setReviewIn(tx: Tx, input: { clientPublicId: string; review: AppReviewState }): void
  /** @throws AppError not_found, validation_failed (outside the operator's bounds) */
  setShareIn(tx: Tx, input: SetShare): void
  /** Basis points that a developer may choose from now. */
  shareBounds(): { min: number; max: number }
  /** Basis points of the model's price that the app's developer earns, where a price rule says `ruleBp`. From memory. */
  shareFor(claims: Pick<AccessClaims, "clientId" | "consentId">, ruleBp: number): number
  /** @throws AppError not_found, invalid_request (a public client), conflict (too many), validation_failed */
  addSecretIn(tx: Tx, input: AddSecret): { secret: string; row: ClientSecret }
  revokeSecretIn(tx: Tx, input: { ownerId: OwnerFilter; clientPublicId: string; secretPublicId: string }): void
  /** Newest first, also those that are over by themselves. */
  secretsOf(clientId: number): ClientSecret[]
  /** Writes when secrets were used since the last time. @returns how many */
  flushSecretUses(): Promise<number>
  suspendClientIn(tx: Tx, input: { clientPublicId: string; reason: string }): void
  unsuspendClientIn(tx: Tx, input: { clientPublicId: string }): void
  /**
   * Ends a client that came by itself, its consents and grants; its name stays where somebody used it.
   * @throws AppError not_found, conflict (of this house)
   */
  removeClientIn(tx: Tx, input: { clientPublicId: string }): void
  /** RFC 7591. @throws AppError not_found (off), invalid_client_metadata, invalid_redirect_uri, rate_limit_exceeded, overloaded */
  registerDynamic(input: RegistrationInput): Promise<RegisteredClient>
  /** RFC 7592. @throws AppError token_invalid */
  readRegistration(input: RegistrationAccess): RegisteredClient
  deleteRegistration(input: RegistrationAccess & { requestId: string }): Promise<void>
  isClientSuspended(clientId: number): boolean
  clientById(id: number): Client | null
  clientByPublicId(publicId: string): Client | null
  /** As it is in this very write, whatever else went before in it. */
  clientIn(tx: Tx, publicId: string): Client | null
  /** The app that a consent or a grant, by its public id, was given to; ended ones too. */
  clientByGiven(publicId: string): Client | null
  clientsOf(ownerId: number): Client[]
  /** How many apps somebody has that did not end. */
  appsOfIn(tx: Tx, ownerId: UserId): number
  /** Live apps with a homepage that are not suspended, oldest first. */
  appsToOpen(limit: number): AppToOpen[]

  /** Unions scopes and sets limits as an approval would; for demo data and admin tools. */
  grantConsentIn(tx: Tx, input: { userId: number; clientId: number; scopes: string[]; limits?: Limits }): Consent
  /** Active consents of a person, newest first. */
  consentsOf(userId: number): ConsentWithClient[]
  updateLimitsIn(tx: Tx, input: { userId: number; consentPublicId: string; limits: Limits }): Consent
  /** What the scope `mcp` opens to that app. @throws AppError not_found, conflict, validation_failed */
  updateToolsIn(tx: Tx, input: { userId: number; consentPublicId: string; tools: ToolPaths }): Consent
  /** Whose credits an app spends from its next call on. @throws AppError not_found, forbidden, conflict */
  updatePayerIn(tx: Tx, input: { userId: UserId; consentPublicId: string; payer: string | null }): void
  /** Ends what this person let apps spend of that team's credits: they may not spend them any more. */
  endPaidByIn(tx: Tx, input: { userId: UserId; payerId: UserId }): void
  /** Whose credits pay for a call with this token as things stand; asked again by `requireGrantIn`. */
  payerOf(claims: Pick<AccessClaims, "userId" | "consentId" | "developerId">): UserId
  /** Tools of a person that are gone: others that come to their address were allowed to no app. */
  forgetToolsIn(tx: Tx, input: { userId: number; path: string }): void
  /** What the scope `mcp` opens under a consent now; null = all. */
  toolsOf(reader: Reader, consentId: number): ToolPaths
  /** Ends the consent, its grants and every token under them. */
  revokeConsentIn(tx: Tx, input: { userId: number; consentPublicId: string }): void
  /** n$ per UTC day; null when that scope is not granted or the consent is revoked. */
  limitFor(tx: Tx, consentId: number, scope: AiScope): Nano | null
  /** Their apps end, and what they let others do; a slice of it. @returns how many rows it took */
  eraseAppsIn(tx: Tx, person: { id: UserId; publicId: string }, rows: number): number
  /** Ends every grant of a person, consents stay (password change, account takeover). Returns how many. */
  revokeGrantsOfUserIn(tx: Tx, userId: number): number
  /** Ends everybody's grants, and with them refresh families and tokens. Returns how many; the caller audits. */
  revokeEveryGrantIn(tx: Tx): number

  /** A developer's test token, first its grant. @throws AppError not_found, client_suspended, account_suspended, conflict */
  trialGrantIn(tx: Tx, input: TrialInput): string
  /** Then, once the grant is committed, the token. @throws AppError token_revoked */
  signTrial(grant: string): Promise<{ token: string; expiresMs: number }>
  endTrialsIn(tx: Tx, input: { userId: UserId; clientPublicId: string; grant?: string }): number
  /** When the newest that still works ends; null: there is none. */
  trialEndsMs(userId: UserId, clientPublicId: string): number | null

  /** RFC 9126. @throws AppError with an OAuth code, as `token` */
  pushAuthorization(input: EndpointInput & { network?: string }): Promise<PushedResponse>
  beginAuthorization(input: BeginInput): Promise<AuthorizeOutcome>
  /**
   * What a device asks for whose code a person typed, on its way through the same pages.
   * @throws AppError validation_failed (formErrors userCode), rate_limit_exceeded
   */
  beginDevice(input: BeginDeviceInput): Promise<AuthorizeOutcome>
  resumeAuthorization(input: ResumeInput): Promise<AuthorizeOutcome>
  decide(input: DecideInput): Promise<AuthorizeOutcome>
  /**
   * What the login and sign-up pages may say about an interaction of this browser, and who saw its consent page; null when it is over.
   */
  peekAuthorization(input: { interaction: string; browserIds: readonly string[] }): PeekedAuthorization | null

  /** What browsers ask for pages of apps (W3C FedCM). */
  readonly fedcm: FedcmVerbs

  /** What becomes of a request to sign out; nothing is ended here. */
  beginLogout(input: BeginLogout): Promise<LogoutOutcome>
  /** Where somebody goes who said yes. @param request of `ask` */
  logoutReturn(request: string | null): LogoutReturn | null
  /** Tells the apps that were entered from it. */
  sessionEndedIn(tx: Tx, session: EndedSession): void
  /** Tells every app that the person is in; before their grants end. */
  signedOutEverywhereIn(tx: Tx, userId: number): void
  /** @throws = tried again */
  deliverLogout(delivery: Delivery): Promise<void>

  /** RFC 8628 §3.1. @throws AppError with an OAuth code */
  startDevice(input: OpenEndpointInput): Promise<DeviceAuthorization>
  /** @throws AppError with an OAuth code; `extra.headers` holds WWW-Authenticate where the RFC asks for it */
  token(input: EndpointInput): Promise<TokenResponse>
  /** The token endpoint for a first-party client in this process, which needs no secret to prove who it is. */
  tokenForFirstParty(clientId: number, params: URLSearchParams, requestId: string): Promise<TokenResponse>
  /** RFC 7009: resolves for unknown tokens too. */
  revoke(input: EndpointInput): Promise<void>
  /** RFC 7662, for clients with a secret and their own tokens. @throws AppError invalid_client, unauthorized_client, invalid_request */
  introspect(input: EndpointInput): Promise<Introspection>
  /** @throws AppError token_invalid, token_expired, token_revoked, insufficient_scope, dpop_proof_invalid, dpop_nonce_needed */
  userinfo(token: string, call?: Partial<Omit<ProvenCall, "token" | "url">>): Promise<UserinfoClaims>

  /**
   * Signature, issuer, audience, type, expiry; cached. Call `assertAlive` on every request as well, and `proveCall` where `jkt` is not null
   * or the scheme was DPoP. A token for `/v1` passes; one for other resources only with the address of a call that these open.
   */
  verifyAccessToken(token: string, url?: string): Promise<AccessClaims>
  /** For resources whose own tokens alone open them. @throws AppError token_invalid */
  assertOpens(claims: AccessClaims, url: string): void
  /** @throws AppError token_invalid, dpop_proof_invalid, dpop_nonce_needed */
  proveCall(claims: AccessClaims, call: ProvenCall): Promise<void>
  /** WWW-Authenticate of a refused call of that resource; null where a token would change nothing. */
  challenge(error: AppError, path: string, more?: { scope?: string | undefined; dpop?: boolean }): string | null
  /** The same by the path of the call. */
  challengeAt(error: AppError, pathname: string): string | null
  /** Memory only. @throws AppError token_expired, token_revoked, client_suspended, account_suspended */
  assertAlive(claims: AccessClaims): void
  /** Re-reads user, client, grant and consent inside the body. @throws as assertAlive, and insufficient_scope */
  requireGrantIn(tx: Tx, claims: AccessClaims, scope?: AiScope): LiveGrant
  /** A permission that stands, by app and person. @throws AppError not_found, of nobody and of whoever did not let the app in alike */
  permissionOf(input: { clientId: number; userId: number }): Consent
  /** What the app's own server may spend while the person is away. @throws as requireGrantIn, and not_found */
  requireAwayIn(tx: Tx, input: AwayInput): LiveGrant

  /** One document for both well-known addresses; every absolute URL in it comes from the issuer. */
  discovery(): Record<string, unknown>
  authorizationServerMetadata(): Record<string, unknown>
  /** RFC 9728: of the origin ("", userinfo), of `/v1`, `/api/v1`, and what domains add; null where there is no such resource. */
  protectedResourceMetadata(path: string): Record<string, unknown> | null
  /** Tokens may be asked for what `find` knows (RFC 8707); its routes verify them with the address of the call. */
  addResources(find: FindResource): void
  jwks(): { keys: Record<string, unknown>[] }
  /**
   * Next key signs, a new next key is published. Refuses (conflict) while verifiers may not know the next key, unless
   * forced.
   */
  rotateKeys(input: { requestId: string; actor: string; force?: boolean }): Promise<{ kid: string }>
  /** Rotates when the keys have signed as long as the operator lets them. @returns whether they were rotated */
  rotateKeysWhenDue(): Promise<boolean>
  /**
   * For keys that others may have: both pairs of each algorithm leave at once, and whatever was signed with any before is dead. People stay
   * signed in; apps get new tokens with their refresh tokens. `held`: the replica has the new keys.
   */
  withdrawKeys(ctx: WriteContext): Promise<{ kid: string; held: boolean }>
  signingKeys(): SigningKeyView[]

  /**
   * Deletes what is over: codes, tokens, answered interactions, sealed replays, memory of revocations. A job, every few minutes.
   */
  sweep(rowsMax?: number): Promise<number>
}
