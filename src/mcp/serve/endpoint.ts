// /v1/mcp/groups/:group/mcp: the group as an MCP server over Streamable HTTP. Who asks is proven by every request; a token may be bound to
// this very address (RFC 8707), and whoever has none is told where to get one (RFC 9728).
import { AppError, ensure } from "../../app/index.ts"
import { answerV1, type Caller, CORS, parseJson } from "../../gateway/index.ts"
import { type RequestContext, readBody } from "../../http/index.ts"
import type { ProtectedResource } from "../../oauth/index.ts"
import type { Core } from "../core.ts"
import { MCP_LIMITS as L } from "../limits.ts"
import { reaches } from "../reach.ts"
import { isSlug } from "../rules.ts"
import { groupNamed } from "../store.ts"
import type { Group, ToolDoor } from "../types.ts"
import { allowed } from "../v1.ts"
import type { Session, Sessions } from "./sessions.ts"

const SESSION = "mcp-session-id"
const PATH = /^\/v1\/mcp\/groups\/([a-z0-9-]+)\/mcp$/

/**
 * Every group's address is a resource, whether this or that person has a group of the name: nobody learns by asking. A token for /v1 opens
 * it, too: with the permission it could call the same tools there.
 */
export function groupResource(path: string): ProtectedResource | null {
  const name = PATH.exec(path)?.[1]
  if (name === undefined || !isSlug(name)) return null
  return { path, name: `Tools: ${name}`, scopes: ["mcp"], within: "/v1", isTools: true }
}

export const serve = (core: Core, sessions: Sessions, request: Request, name: string): Promise<Response> =>
  answerV1(core.log, request, async (_, context) => {
    const caller = await admitted(core, request)
    const group = groupNamed(core.store.read, caller.userId, name)
    ensure(group, "not_found", "You have no group of this name.")
    const body = request.method === "POST" ? await messageOf(request, caller) : null
    const session = await sessionOf(sessions, { request, group, caller, body })
    if (request.method === "GET" && sessions.isStopping)
      throw new AppError("unavailable", "The server stops. Try again in a moment.")
    if (request.method === "DELETE") {
      await sessions.end(session, caller)
      return withCors(new Response(null, { status: 204 }))
    }
    context.server?.timeout(request, 0)
    return answered(session, request, context, caller, body)
  })

/**
 * Who asks, allowed to use what is at this address. An app that its person allowed other tools is told to ask for these (RFC 6750 §3.1), the
 * same whether they exist.
 * @throws AppError with a challenge
 */
export async function admitted(core: Core, request: Request, door?: ToolDoor): Promise<Caller> {
  try {
    return await (door ? through(core, request, door) : allowedHere(core, request))
  } catch (error) {
    throw challenged(core, request, error, door?.scope ?? "mcp")
  }
}

async function allowedHere(core: Core, request: Request): Promise<Caller> {
  const caller = await allowed(core, request)
  ensure(
    reaches(core, core.store.read, caller, new URL(request.url).pathname),
    "insufficient_scope",
    "The person did not allow this app to use these tools. Ask them, with this address as the resource.",
    { fields: { scope: "mcp" } },
  )
  return caller
}

async function through(core: Core, request: Request, door: ToolDoor): Promise<Caller> {
  const caller = await core.gateway.authenticate(request)
  door.admit(caller)
  return caller
}

/** The challenge names the resource that was asked for, and the permission it takes. */
function challenged(core: Core, request: Request, error: unknown, scope: string): unknown {
  if (!(error instanceof AppError)) return error
  const { pathname } = new URL(request.url)
  const said = core.oauth.challenge(error, pathname, { scope })
  if (said === null) return error
  const headers = { ...error.extra.headers, "www-authenticate": said }
  return new AppError(error.code, error.message, { ...error.extra, headers }, error.detail)
}

export interface Body {
  text: string
  message: unknown
}

export async function messageOf(request: Request, { userId }: Caller): Promise<Body> {
  const limits = { bytesMax: L.messageBytesMax, deadlineMs: L.argumentsMs, owner: `user:${userId}` }
  const text = new TextDecoder().decode(await readBody(request, limits))
  return { text, message: parseJson(text).plain }
}

const isOpening = (message: unknown): boolean => (message as { method?: unknown } | null)?.method === "initialize"

/** @throws AppError not_found: the client begins anew (MCP, "Session management") */
async function sessionOf(
  sessions: Sessions,
  { request, group, caller, body }: { request: Request; group: Group; caller: Caller; body: Body | null },
): Promise<Session> {
  const id = request.headers.get(SESSION)
  if (id === null && body && isOpening(body.message)) {
    ensure(body.text.length <= L.openingCharsMax, "invalid_request", "The client says too much of itself.")
    return sessions.begin(group, caller, body.text)
  }
  ensure(
    id !== null,
    "invalid_request",
    "Begin with `initialize`, or send the `Mcp-Session-Id` that it was answered with.",
  )
  const found = await sessions.find(id, group, caller)
  ensure(found, "not_found", "There is no such session. Begin a new one with `initialize`.")
  return found
}

async function answered(
  { transport }: Session,
  request: Request,
  { requestId }: RequestContext,
  caller: Caller,
  body: Body | null,
): Promise<Response> {
  const authInfo = {
    token: "",
    clientId: caller.clientPublicId ?? "",
    scopes: ["mcp"],
    extra: { caller, gone: request.signal },
  }
  const answer = await transport.handleRequest(request, { authInfo, ...(body ? { parsedBody: body.message } : {}) })
  if (request.method === "GET" && answer.ok)
    setTimeout(() => transport.closeStandaloneSSEStream(), L.listenMs).unref?.()
  answer.headers.set("x-request-id", requestId)
  return withCors(answer)
}

export function withCors(answer: Response): Response {
  for (const name in CORS) answer.headers.set(name, CORS[name]!)
  const exposed = answer.headers.get("access-control-expose-headers")
  answer.headers.set("access-control-expose-headers", `${exposed}, ${SESSION}, mcp-protocol-version`)
  return answer
}
