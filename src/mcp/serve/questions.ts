// What a tool server asks its client while one of its tools runs (sampling, elicitation): passed on to the program that called the tool, where
// that program said that it can. Such a program has connections of its own, so that no answer reaches another one.
import type { Server as SdkServer } from "@modelcontextprotocol/sdk/server/index.js"
import type { Own } from "../core.ts"
import { Fault } from "../remote/fault.ts"
import { words } from "../remote/library.ts"
import type { Extra, Served } from "./server.ts"

/** Calls that run now, the newest last. */
export type Active = Extra[]

/** @returns null where the client can be asked nothing: then the connection is everybody's */
export function ownConnection(server: SdkServer, { sessionHash }: Served, active: Active): Own | null {
  const { sampling, elicitation } = server.getClientCapabilities() ?? {}
  if (!sampling && !elicitation) return null
  return {
    session: sessionHash,
    capabilities: { ...(sampling ? { sampling } : {}), ...(elicitation ? { elicitation } : {}) },
    prepare(client) {
      const { CreateMessageRequestSchema, CreateMessageResultSchema, ElicitRequestSchema, ElicitResultSchema } = words()
      // Asked over the stream of the call that made it ask.
      const asker = () => {
        const extra = active.at(-1)
        if (!extra) throw new Fault("refused", "Nobody waits for an answer.")
        return extra
      }
      if (sampling)
        client.setRequestHandler(CreateMessageRequestSchema, ({ params }, { signal }) =>
          asker().sendRequest({ method: "sampling/createMessage", params }, CreateMessageResultSchema, { signal }),
        )
      if (elicitation)
        client.setRequestHandler(ElicitRequestSchema, ({ params }, { signal }) =>
          asker().sendRequest({ method: "elicitation/create", params }, ElicitResultSchema, { signal }),
        )
    },
  }
}
