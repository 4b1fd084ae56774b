// What a tool server asks its client while one of its tools runs (sampling, elicitation): passed on to the program that called the tool, where
// that program said that it can. Such a program has connections of its own, so that no answer reaches another one.
import type { ClientCapabilities } from "@modelcontextprotocol/sdk/types.js"
import type { Connection } from "../remote/connect.ts"
import { Fault } from "../remote/fault.ts"
import { words } from "../remote/library.ts"
import type { Extra } from "./server.ts"

/** @param active calls that run now, the newest last */
export function answerQuestions(
  client: Connection["client"],
  active: readonly Extra[],
  { sampling, elicitation }: Pick<ClientCapabilities, "sampling" | "elicitation">,
): void {
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
}
