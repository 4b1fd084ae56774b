// The nouns of people's tool servers (SPEC MC): a group, a server in it, and what that offers.
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js"
import type { Clock, Ids, Keyring, Log, Nano, UserId } from "../app/index.ts"
import type { Caller, Gateway } from "../gateway/index.ts"
import type { SafeStream } from "../http/index.ts"
import type { Oauth } from "../oauth/index.ts"
import type { Pricing } from "../pricing/index.ts"
import type { Settings } from "../settings/index.ts"
import type { Store, Tx, WriteContext } from "../store/index.ts"
import type { CatalogueVerbs } from "./catalogue/types.ts"

export type * from "./catalogue/types.ts"

export type AuthKind = "none" | "bearer" | "key" | "oauth"
export type KeyPlace = "header" | "query"
/** Streamable HTTP, or the older HTTP with server-sent events. */
export type Transport = "http" | "sse"
/** `consent`: its person has to sign in there again. */
export type ServerState = "new" | "ok" | "failing" | "consent"
export type OfferKind = "tool" | "resource" | "template" | "prompt"

export interface Group {
  id: number
  publicId: string
  ownerId: UserId
  /** What programs call it; never changed. */
  name: string
  title: string
  createdMs: number
  updatedMs: number
}

/** A server as everybody may see it: its credential is never told. */
export interface Server {
  id: number
  publicId: string
  groupId: number
  /** What its tools are prefixed with where two servers offer the same name. */
  name: string
  url: string
  auth: AuthKind
  keyIn: KeyPlace | null
  keyName: string | null
  hasCredential: boolean
  transport: Transport | null
  active: boolean
  state: ServerState
  /** Why it fails, in words; null = nothing. */
  problem: string | null
  /** As it names itself; "" until it was asked. */
  title: string
  listedMs: number | null
  usedMs: number | null
  createdMs: number
  updatedMs: number
}

/** What a tool says of itself, as far as it is passed on. */
export interface Definition {
  name: string
  title?: string | undefined
  description?: string | undefined
  inputSchema?: Record<string, unknown> | undefined
  outputSchema?: Record<string, unknown> | undefined
  annotations?: Record<string, unknown> | undefined
  /** Of resources, templates and prompts. */
  [more: string]: unknown
}

/** `new`: nobody approved it yet. `changed`: it is not what was approved. */
export type Standing = "approved" | "new" | "changed"

export interface Offer {
  id: number
  serverId: number
  kind: OfferKind
  name: string
  /** As the server gives it now. */
  definition: Definition
  approved: Definition | null
  standing: Standing
  active: boolean
}

/** An offer under the name by which the group offers it. */
export interface Exposed {
  name: string
  offer: Offer
  server: Server
}

export interface GroupRef {
  userId: UserId
  group: string
}
export interface NewGroup {
  userId: UserId
  name: string
  title: string
}
export interface ServerRef {
  userId: UserId
  /** `mcs_…` */
  server: string
}
export interface NewServer {
  userId: UserId
  group: string
  name: string
  url: string
  auth: AuthKind
  keyIn?: KeyPlace | null
  keyName?: string | null
  credential?: string | null
}
/** What a person brought back from a server's sign-in. */
export interface SignInReturn extends ServerRef {
  code: string | null
  state: string
  /** RFC 9207; null where it was not sent. */
  iss: string | null
}
export interface ClientByHand extends ServerRef {
  clientId: string
  /** Null: a public client. */
  clientSecret: string | null
}
/** What a person needs to register a client at a server's sign-in. */
export interface ByHand {
  redirectUrl: string
  /** Null until somebody tried to sign in. */
  signInHost: string | null
  /** Of the one that was entered. */
  clientId: string | null
}
export interface ApproveOffers extends ServerRef {
  /** What was shown: the digest of all definitions that wait. Another one is refused. */
  seen: string
}

export interface TryTool {
  user: { id: UserId; publicId: string }
  requestId: string
  group: string
  /** As the group offers it. */
  tool: string
  args: Record<string, unknown>
  signal: AbortSignal
}
export interface Tried {
  /** As MCP has it. */
  result: CallToolResult
  chargedNano: Nano
}

/** What this domain needs to know about people; identity fits it. */
export interface ToolPeople {
  /** @throws AppError account_suspended, read inside the body */
  requireActiveIn(tx: Tx, userId: UserId): { emailVerified: boolean }
}

export interface McpDeps {
  store: Store
  clock: Clock
  ids: Ids
  keyring: Keyring
  log: Log
  gateway: Pick<Gateway, "authenticate" | "chargedWork" | "noteRefused" | "addTools">
  pricing: Pick<Pricing, "ruleFor">
  oauth: Pick<Oauth, "addResources" | "challenge" | "toolsOf" | "forgetToolsIn">
  settings: Pick<Settings, "get">
  identity: ToolPeople
  /** Asks servers, as an operator's setting allows. Default: the public internet and what the setting opens. */
  stream?: SafeStream | undefined
  /** Of a call without progress. Default: a minute. */
  callMs?: number | undefined
  ownHosts: readonly string[]
  /** Origin of pages. */
  baseUrl: string
  /** Origin of `/v1`. */
  apiUrl: string
}

/** Verbs. `…In(tx, …)` runs inside a mutation; its pair without `In` is one durable write. */
/** What one caller has at an address that is an MCP server. */
export interface ToolDoor {
  /** For the challenge: separated by blanks. */
  scope: string
  /** @throws AppError insufficient_scope */
  admit(caller: Caller): void
}

export interface ToolSet {
  /** Part of what the server calls itself. */
  name: string
  title: string
  list(): Definition[]
  /** @throws AppError where the call cannot be understood; what is refused or fails is a result with `isError` */
  call(tool: string, args: Record<string, unknown>, signal: AbortSignal): Promise<CallToolResult>
}

export interface Mcp {
  groups(userId: UserId): Group[]
  /** By name; null where the person has none of it. */
  group(userId: UserId, name: string): Group | null
  servers(groupId: number): Server[]
  /** @throws AppError not_found, also for somebody else's */
  server(ref: ServerRef): { server: Server; group: Group }
  offers(serverId: number): Offer[]
  /** What a group offers to programs: of servers and tools that are on, as approved, by name. */
  exposed(groupId: number, kind: OfferKind): Exposed[]
  /** What waits for its person's yes on a server: to be sent back by `approve`. */
  waiting(serverId: number): { offers: Offer[]; seen: string }

  /** @throws AppError validation_failed with formErrors, conflict above the most */
  createGroup(ctx: WriteContext, input: NewGroup): Promise<Group>
  renameGroup(ctx: WriteContext, input: GroupRef & { title: string }): Promise<Group>
  /** With its servers and their credentials. @throws AppError not_found */
  removeGroup(ctx: WriteContext, ref: GroupRef): Promise<Group>

  /** Asks the server first: one that cannot be reached is not added. @throws AppError validation_failed with formErrors, not_found, conflict */
  addServer(ctx: WriteContext, input: NewServer): Promise<Server>
  /** Lists anew. @throws AppError not_found; the server's faults are its state */
  refresh(ctx: WriteContext, ref: ServerRef): Promise<Server>
  turnServer(ctx: WriteContext, ref: ServerRef & { active: boolean }): Promise<Server>
  /** @throws AppError validation_failed with formErrors */
  changeCredential(ctx: WriteContext, ref: ServerRef & { credential: string }): Promise<Server>
  /** @returns where its person goes to sign in. @throws AppError conflict, tool_error */
  beginSignIn(ref: ServerRef): Promise<string>
  /** @throws AppError not_found, conflict */
  byHand(ref: ServerRef): ByHand
  /** A client that its person registered there. @throws AppError validation_failed with formErrors, conflict, tool_error */
  setClient(ctx: WriteContext, input: ClientByHand): Promise<Server>
  /** @throws AppError invalid_request, tool_error */
  endSignIn(ctx: WriteContext, input: SignInReturn): Promise<Server>
  /** What we say of ourselves to the sign-in of that server (client ID metadata document). */
  clientDocument(server: string): Record<string, unknown>
  removeServer(ctx: WriteContext, ref: ServerRef): Promise<Server>
  /** @throws AppError conflict when it changed since it was shown */
  approve(ctx: WriteContext, input: ApproveOffers): Promise<Server>
  turnTool(ctx: WriteContext, input: ServerRef & { tool: string; active: boolean }): Promise<Offer>

  /** What consents call it. */
  pathOf(group: Pick<Group, "name">): string
  /** Servers that the operator recommends. */
  readonly catalogue: CatalogueVerbs

  /** Where any MCP client logs in to it. */
  urlOf(group: Pick<Group, "name">): string
  /** What a call through a key of theirs costs. */
  priceOf(group: Pick<Group, "name">, tool: string): Nano
  /** A call by its person themselves, from a page; charged as any. @throws AppError as a call */
  tryTool(input: TryTool): Promise<Tried>

  /** Routes of /v1/mcp: they answer whatever is thrown. */
  listGroups(request: Request): Promise<Response>
  listTools(request: Request, group: string): Promise<Response>
  callTool(request: Request, group: string): Promise<Response>
  /** The group as an MCP server. */
  serve(request: Request, group: string): Promise<Response>

  /**
   * Tools of another part of the house as an MCP server: challenge and transport are those of groups.
   * @param door who may come in, and what a token has to be asked for; the scope `mcp`, unless it says otherwise
   */
  serveTools(request: Request, find: (caller: Caller) => ToolSet, door?: ToolDoor): Promise<Response>

  /** Lists of servers that are old are asked for anew, one slice. @returns whether more wait */
  refreshOld(): Promise<boolean>
  /** Sessions that nobody used for long. @returns whether more may be left */
  forgetSessions(rows: number): Promise<boolean>
  eraseIn(tx: Tx, userId: UserId, rows: number): number
  /** Connections of one person's servers end. */
  disconnect(userId: UserId): void
  /** The server stops: streams of clients that only listen end, calls go on. */
  stopListening(): void
  close(): Promise<void>
}
