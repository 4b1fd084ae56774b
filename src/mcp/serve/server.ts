// A group as an MCP server: its lists as they were approved, calls of tools as charged as everywhere, resources and prompts passed on.
import type { Server as SdkServer } from "@modelcontextprotocol/sdk/server/index.js"
import type { RequestHandlerExtra } from "@modelcontextprotocol/sdk/shared/protocol.js"
import type { CallToolResult, ServerNotification, ServerRequest } from "@modelcontextprotocol/sdk/types.js"
import { type AppError, PRODUCT_NAME, type UserId } from "../../app/index.ts"
import type { Caller } from "../../gateway/index.ts"
import { toAppError } from "../../http/index.ts"
import { callOf } from "../call.ts"
import type { Core } from "../core.ts"
import { exposedIn } from "../offers.ts"
import { NO_VALIDATION, words } from "../remote/library.ts"
import type { Group, OfferKind } from "../types.ts"
import { library } from "./library.ts"
import { Link } from "./link.ts"
import { complete, getPrompt, readResource } from "./pass.ts"

export type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>

export interface Served {
  core: Core
  group: Pick<Group, "id" | "name" | "title">
  userId: UserId
  /** In test mode no server is asked anything. */
  mode: Caller["mode"]
  /** What connections that are made for it alone are named by. */
  sessionHash: string
}

const CHANGES = { listChanged: true }
const CAPABILITIES = {
  tools: CHANGES,
  resources: { ...CHANGES, subscribe: true },
  prompts: CHANGES,
  logging: {},
  completions: {},
}

export function createServer(served: Served): { server: SdkServer; link: Link } {
  const { Server } = library()
  const { group } = served
  const server = new Server(
    { name: `${PRODUCT_NAME.toLowerCase()}-${group.name}`, title: group.title, version: "1" },
    { capabilities: CAPABILITIES, jsonSchemaValidator: NO_VALIDATION },
  )
  const link = new Link(served, () => server)
  lists(server, served)
  calls(server, served, link)
  wishes(server, link)
  return { server, link }
}

function lists(server: SdkServer, { core, group }: Served): void {
  const {
    ListPromptsRequestSchema,
    ListResourcesRequestSchema,
    ListResourceTemplatesRequestSchema,
    ListToolsRequestSchema,
  } = words()
  const listed = (kind: OfferKind) => exposedIn(core.store.read, group.id, kind)
  const definitions = (kind: OfferKind) => listed(kind).map(({ offer }) => offer.definition) as never[]
  const named = (kind: OfferKind) => listed(kind).map(({ name, offer }) => ({ ...offer.definition, name })) as never[]
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: named("tool") }))
  server.setRequestHandler(ListPromptsRequestSchema, () => ({ prompts: named("prompt") }))
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: definitions("resource") }))
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: definitions("template") }))
}

function calls(server: SdkServer, served: Served, link: Link): void {
  const { CallToolRequestSchema, CompleteRequestSchema, GetPromptRequestSchema, ReadResourceRequestSchema } = words()
  server.setRequestHandler(CallToolRequestSchema, ({ params }, extra) =>
    link.during(extra, () => called(served, { tool: params.name, args: params.arguments ?? {} }, extra, link.own())),
  )
  server.setRequestHandler(ReadResourceRequestSchema, ({ params }, { signal }) =>
    told(() => readResource(served, params.uri, signal)),
  )
  server.setRequestHandler(GetPromptRequestSchema, ({ params }, { signal }) =>
    told(() => getPrompt(served, params.name, params.arguments ?? {}, signal)),
  )
  server.setRequestHandler(CompleteRequestSchema, ({ params }, { signal }) =>
    told(() => complete(served, params, signal)),
  )
}

/** What the session wants to hear from now on. */
function wishes(server: SdkServer, link: Link): void {
  const { SetLevelRequestSchema, SubscribeRequestSchema, UnsubscribeRequestSchema } = words()
  const done = (act: Promise<void>) => told(() => act.then(() => ({})))
  server.setRequestHandler(SetLevelRequestSchema, ({ params }) => done(link.setLevel(params.level)))
  server.setRequestHandler(SubscribeRequestSchema, ({ params }, { signal }) => done(link.watch(params.uri, signal)))
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params }) => done(link.unwatch(params.uri)))
}

/** Who asked, as this very request proved it. */
export const callerOf = ({ authInfo }: Pick<Extra, "authInfo">): Caller => authInfo!.extra!.caller as Caller

async function called(
  { core, group }: Served,
  { tool, args }: { tool: string; args: Record<string, unknown> },
  extra: Extra,
  own: ReturnType<Link["own"]>,
): Promise<CallToolResult> {
  const gone = extra.authInfo!.extra!.gone as AbortSignal
  const progressToken = extra._meta?.progressToken
  let result: CallToolResult | undefined
  await told(() =>
    callOf(core, {
      caller: callerOf(extra),
      // A client may send several calls in one request: each is a call of its own.
      requestId: core.ids.next("req"),
      startMs: performance.now(),
      group: group.name,
      tool,
      args,
      once: null,
      own,
      signal: AbortSignal.any([extra.signal, gone]),
      ...(progressToken === undefined
        ? {}
        : {
            onProgress: (progress) =>
              void extra
                .sendNotification({ method: "notifications/progress", params: { ...progress, progressToken } })
                .catch(() => {}),
          }),
      onResult: (answer) => {
        result = answer
      },
    }),
  )
  return result!
}

/** Refusals as JSON-RPC has them: the words for people, and what programs decide by. */
export async function told<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (thrown) {
    const { McpError, ErrorCode } = words()
    const error: AppError = toAppError(thrown)
    const code = error.status < 500 && error.status !== 402 && error.status !== 429 ? ErrorCode.InvalidParams : REFUSED
    throw new McpError(code, error.message, { code: error.code, status: error.status, ...error.extra.fields })
  }
}

/** Of the range that JSON-RPC leaves to servers, and that neither it nor the SDK uses. */
const REFUSED = -32_010
