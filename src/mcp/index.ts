// The door of `mcp`: people's tool servers, in groups, for every app they allow.

import { byHandOf, CLIENT_NEEDED, setClient } from "./authorize/by-hand.ts"
import { freshen, renew, tokenOf } from "./authorize/fresh.ts"
import { clientDocument } from "./authorize/grant.ts"
import { beginSignIn, endSignIn } from "./authorize/sign-in.ts"
import { catalogueVerbs } from "./catalogue/verbs.ts"
import { type Core, createCore, requireServer } from "./core.ts"
import { listening, refreshOld } from "./discover.ts"
import { toolsForModels } from "./for-models.ts"
import { createGroupIn, removeGroupIn, renameGroupIn } from "./groups.ts"
import { approveIn, exposedIn, turnToolIn, waitingOf } from "./offers.ts"
import { pathOf } from "./reach.ts"
import { groupResource, serve } from "./serve/endpoint.ts"
import { forgetSessions } from "./serve/forget.ts"
import { serveTools } from "./serve/once.ts"
import { Sessions } from "./serve/sessions.ts"
import { addServer, changeCredential, refresh, removeServerIn, turnServerIn } from "./servers.ts"
import { groupNamed, groupsOf, offersOf, serversOf } from "./store.ts"
import { eraseServers } from "./store-personal.ts"
import { ownPrice, tryTool } from "./try.ts"
import type { Mcp, McpDeps } from "./types.ts"
import { callTool, groupUrl, listGroups, listTools } from "./v1.ts"

export { MCP_LIMITS } from "./limits.ts"
export { mcpPart } from "./part.ts"
export { toolOfPriced } from "./price.ts"
export { ToolCallAnswer, ToolCallRequest, ToolGroupList, ToolList } from "./schemas.ts"
export { NETWORKS } from "./settings.ts"
export type * from "./types.ts"
export { CLIENT_NEEDED }

export function createMcp(deps: McpDeps): Mcp {
  const core: Core = createCore({
    ...deps,
    listen: listening(() => core),
    token: (server) => tokenOf(core, server),
    freshen: (server) => freshen(core, server),
    renew: (server) => renew(core, server),
  })
  const { store } = deps
  const sessions = new Sessions(core)
  deps.oauth.addResources(groupResource)
  deps.gateway.addTools(toolsForModels(core))
  return {
    groups: (userId) => groupsOf(store.read, userId),
    group: (userId, name) => groupNamed(store.read, userId, name),
    servers: (groupId) => serversOf(store.read, groupId),
    server: (ref) => requireServer(store.read, ref),
    offers: (serverId) => offersOf(store.read, serverId),
    exposed: (groupId, kind) => exposedIn(store.read, groupId, kind),
    waiting: (serverId) => waitingOf(store.read, serverId),

    createGroup: (ctx, input) => store.write(ctx, (tx) => createGroupIn(core, tx, input)),
    renameGroup: (ctx, input) => store.write(ctx, (tx) => renameGroupIn(tx, input)),
    removeGroup: (ctx, ref) => store.write(ctx, (tx) => removeGroupIn(core, tx, ref)),

    addServer: (ctx, input) => addServer(core, ctx, input),
    refresh: (_, ref) => refresh(core, ref),
    turnServer: (ctx, ref) => store.write(ctx, (tx) => turnServerIn(core, tx, ref)),
    changeCredential: (ctx, input) => changeCredential(core, ctx, input),
    removeServer: (ctx, ref) => store.write(ctx, (tx) => removeServerIn(core, tx, ref)),
    approve: (ctx, input) => store.write(ctx, (tx) => approveIn(core, tx, input)),
    turnTool: (ctx, input) => store.write(ctx, (tx) => turnToolIn(core, tx, input)),

    catalogue: catalogueVerbs(core),
    pathOf: ({ name }) => pathOf(name),
    urlOf: (group) => groupUrl(core, group.name),
    priceOf: (group, tool) => ownPrice(core, group.name, tool),
    tryTool: (input) => tryTool(core, input),

    ...signInOf(core),
    ...routesOf(core, sessions),

    forgetSessions: (rows) => forgetSessions(core, rows),
    refreshOld: () => refreshOld(core),
    eraseIn: (tx, userId, rows) => eraseServers(tx, userId, rows),
    disconnect(userId) {
      for (const { id } of groupsOf(store.read, userId))
        for (const server of serversOf(store.read, id)) core.pool.end(server.id)
      void sessions.disconnect(userId)
    },
    stopListening: () => sessions.stopListening(),
    async close() {
      await sessions.close()
      await core.pool.close()
    },
  }
}

const routesOf = (
  core: Core,
  sessions: Sessions,
): Pick<Mcp, "listGroups" | "listTools" | "callTool" | "serve" | "serveTools"> => ({
  listGroups: (request) => listGroups(core, request),
  listTools: (request, group) => listTools(core, request, group),
  callTool: (request, group) => callTool(core, request, group),
  serve: (request, group) => serve(core, sessions, request, group),
  serveTools: (request, find, door) => serveTools(core, request, find, door),
})

const signInOf = (core: Core): Pick<Mcp, "beginSignIn" | "endSignIn" | "byHand" | "setClient" | "clientDocument"> => ({
  beginSignIn: (ref) => beginSignIn(core, ref),
  endSignIn: (ctx, input) => endSignIn(core, ctx, input),
  byHand: (ref) => byHandOf(core, ref),
  setClient: (ctx, input) => setClient(core, ctx, input),
  clientDocument: (server) => clientDocument(core, server),
})
