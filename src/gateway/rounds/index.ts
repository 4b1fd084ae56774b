// A call whose tools run here: its model is asked in rounds, each held and settled as a call of its own, and the tools that it calls run
// in between, charged as they always are. So every limit, refusal and crash in the middle means what it means elsewhere.
import { AppError } from "../../app/index.ts"
import { requireScope } from "../admit.ts"
import { bad } from "../dialects/checks.ts"
import type { Dialect, Question } from "../dialects/dialect.ts"
import type { CallDeps } from "../run/call.ts"
import type { Posed } from "../run/charge-body.ts"
import { Rounds } from "./rounds.ts"
import { streamed } from "./stream.ts"
import { toolsFor } from "./tools.ts"
import { whole } from "./whole.ts"

/** @throws AppError those of a call, and of the groups that it names */
export async function answerWithTools<Body extends Question>(
  deps: CallDeps,
  dialect: Dialect<Body>,
  body: Body,
  posed: Posed,
): Promise<Response> {
  const { port } = deps.hosted
  if (!port) throw new AppError("internal", "Something failed on our side.")
  requireScope(posed.caller, "mcp", deps)
  if (posed.once) {
    const words =
      "A call whose tools run here cannot be repeated by its key: its tools may answer otherwise. Leave it out."
    throw bad("Idempotency-Key", words)
  }
  if (body.choices !== 1) throw bad("n", "`n` must be 1 where tools of a group are offered.")
  const demand = dialect.estimate(body)
  const conversation = dialect.conversation(body)
  const tools = toolsFor(port, posed.caller, body.groups!, conversation.tools)
  const rounds = new Rounds(deps, port, dialect, { body, demand, conversation, tools }, posed)
  return body.stream ? streamed(rounds) : whole(rounds)
}
