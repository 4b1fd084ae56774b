// A call by a person themselves, from a page of the console: held and settled as any, without an app or a key.
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js"
import { type Nano, nano } from "../app/index.ts"
import type { Caller } from "../gateway/index.ts"
import { principal } from "../ledger/index.ts"
import { callOf } from "./call.ts"
import type { Core } from "./core.ts"
import { pricedName, priceOf } from "./price.ts"
import type { Tried, TryTool } from "./types.ts"

export async function tryTool(core: Core, { user, ...input }: TryTool): Promise<Tried> {
  let result: CallToolResult | undefined
  const response = await callOf(core, {
    ...input,
    caller: callerOf(core, user),
    startMs: performance.now(),
    once: null,
    onResult: (answer) => {
      result = answer
    },
  })
  const { charged } = (await response.json()) as { charged: { nano: string } }
  return { result: result!, chargedNano: nano(Number(charged.nano)) }
}

const callerOf = ({ identity }: Pick<Core, "identity">, { id, publicId }: TryTool["user"]): Caller => ({
  kind: "session",
  userId: id,
  userPublicId: publicId,
  payer: principal(id),
  clientId: null,
  clientPublicId: null,
  keyId: null,
  consentId: null,
  developer: null,
  mode: "live",
  scopes: new Set(["mcp"]),
  actor: `user:${publicId}`,
  requireIn(tx) {
    const { emailVerified } = identity.requireActiveIn(tx, id)
    return { dailyLimitNano: null, emailVerified }
  },
})

/** What a call through a person's own key costs. */
export const ownPrice = (core: Pick<Core, "pricing">, group: string, tool: string): Nano =>
  priceOf(core.pricing, pricedName(group, tool), "key").charge.totalNano
