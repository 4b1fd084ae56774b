// The rounds of one call: the conversation as it grows, what it has cost, and when it is over. Knows not how it is told.
import { AppError, type ErrorCode, type Nano, nano } from "../../app/index.ts"
import { bad, isObject } from "../dialects/checks.ts"
import type { Demand, Dialect, Framer, Question } from "../dialects/dialect.ts"
import { GATEWAY_LIMITS } from "../limits.ts"
import type { AnswerEvent, Conversation, Turn, UsageReport } from "../providers/index.ts"
import { type CallDeps, refuse } from "../run/call.ts"
import { chargeBody, type Posed } from "../run/charge-body.ts"
import type { HeldCall, Receipt } from "../types.ts"
import { type RoundBody, roundDialect } from "./dialect.ts"
import { type CallPart, Heard, summed } from "./heard.ts"
import { definitionsOf, type HostedTools } from "./tools.ts"
import type { HostedCall, ToolPort } from "./types.ts"

export interface Begun<Body extends Question> {
  body: Body
  demand: Demand
  conversation: Conversation
  tools: HostedTools
}

/** A round that was answered, or is being answered. */
export interface Round {
  heard: Heard
  response: Response
  held: HeldCall
}

/** Why rounds end before their model has. */
export interface Stopped {
  code: string
  message: string
}

export class Rounds<Body extends Question = Question> {
  chargedNano = 0
  balanceAfterNano: Nano = nano(0)
  stopped: Stopped | null = null
  private readonly turns: Turn[] = []
  private readonly reports: (UsageReport | null)[] = []
  private readonly ids = new Set<string>()
  private count = 0
  /** Charged calls so far, which are the parts of this one. */
  private partsCount = 0

  constructor(
    readonly deps: CallDeps,
    private readonly port: ToolPort,
    readonly dialect: Dialect<Body>,
    private readonly begun: Begun<Body>,
    readonly posed: Posed,
  ) {
    begun.demand.size.text(definitionsOf(begun.tools))
  }

  get body(): Body {
    return this.begun.body
  }
  get isFirst(): boolean {
    return this.count <= 1
  }

  /** Holds and asks. @throws AppError; of the first round it is the call's own refusal */
  async ask(outer: Framer | null, signal: AbortSignal): Promise<Round> {
    this.count++
    const requestId = this.nextPart()
    const heard = new Heard(this.begun.tools, this.ids)
    const { caller, startMs, trace } = this.posed
    let held: HeldCall | null = null
    const dialect = roundDialect(this.dialect, this.body, heard, outer)
    try {
      const response = await chargeBody(this.deps, dialect, this.question(outer !== null), {
        requestId,
        startMs: this.isFirst ? startMs : performance.now(),
        caller,
        once: null,
        trace: this.isFirst ? trace : null,
        signal,
        tellsCharge: false,
        // Tools do things: what they answered once is no answer to the same question.
        cache: null,
        onCache: () => {},
        onHeld: (one) => {
          held = one
          this.posed.onHeld(one)
        },
      })
      return { heard, response, held: held! }
    } catch (error) {
      const known = held as HeldCall | null
      if (known) await this.pay(known)
      else if (!this.isFirst && error instanceof AppError) this.noteRefused(requestId, error)
      throw error
    }
  }

  /** Once a round has ended: what it came to, and the tools that it asks for. @returns none where the answer is whole */
  async hear({ heard, held }: Round): Promise<readonly CallPart[]> {
    await this.pay(held)
    this.reports.push(heard.report)
    if (heard.failure || heard.asksCaller || heard.reason === "length" || heard.reason === "content_filter") return []
    const calls = heard.hosted
    if (calls.length === 0) return []
    if (this.count >= GATEWAY_LIMITS.roundsMax) {
      this.stop("max_tool_rounds", `The model was asked ${GATEWAY_LIMITS.roundsMax} times, which is the most.`)
      return []
    }
    this.turns.push(heard.turn())
    this.begun.demand.size.text(heard.turn())
    return calls
  }

  /** All at once; each told when it has ended. */
  async run(calls: readonly CallPart[], signal: AbortSignal, tell: (event: AnswerEvent) => void): Promise<void> {
    if (signal.aborted) return this.stop("client_gone", "The client closed the connection.")
    const hosted = calls.map((call) => this.hostedOf(call))
    for (const call of hosted) tell({ type: "hosted", choice: 0, stage: "begun", call })
    await Promise.all(
      hosted.map(async (call, index) => {
        await this.runOne(call, index, signal)
        tell({ type: "hosted", choice: 0, stage: "done", call })
      }),
    )
    const turn = resultsOf(hosted, calls)
    this.turns.push(turn)
    this.begun.demand.size.text(turn)
  }

  /** The report of all, and the end. */
  end(heard: Heard | null): AnswerEvent[] {
    const { stopped } = this
    const finish: AnswerEvent = stopped
      ? { type: "finish", choice: 0, reason: "length" }
      : (heard?.finish ?? { type: "finish", choice: 0, reason: "stop" })
    return [
      ...(stopped ? [{ type: "stopped" as const, choice: 0, ...stopped }] : []),
      { type: "usage", report: summed(this.reports) },
      finish,
    ]
  }

  receipt = (): Receipt => ({ chargedNano: nano(this.chargedNano), balanceAfterNano: this.balanceAfterNano })

  /** Ends cleanly what its caller may not go on with. @returns false for what is no such reason */
  stopBy(error: unknown): boolean {
    if (!(error instanceof AppError) || !STOPS.has(error.code)) return false
    this.stop(error.code, error.message)
    return true
  }

  private stop(code: string, message: string): void {
    this.stopped ??= { code, message }
  }

  private nextPart(): string {
    this.partsCount++
    return partId(this.posed.requestId, this.partsCount)
  }

  private question(stream: boolean): RoundBody {
    const { demand, conversation, tools } = this.begun
    return {
      ...demand,
      stream,
      groups: [],
      conversation: {
        ...conversation,
        tools: [...conversation.tools, ...definitionsOf(tools)],
        messages: [...conversation.messages, ...this.turns],
        // Demanded once: whoever must call a tool in every round never comes to an end.
        toolChoice: this.isFirst ? conversation.toolChoice : freed(conversation.toolChoice),
      },
    }
  }

  private async pay(held: HeldCall): Promise<void> {
    const receipt = await held.receipt
    if (receipt) this.add(receipt)
  }

  private add({ chargedNano, balanceAfterNano }: Receipt): void {
    this.chargedNano += chargedNano
    this.balanceAfterNano = balanceAfterNano
  }

  private noteRefused(requestId: string, error: AppError): void {
    const { endpoint, scope } = this.dialect
    const { model, stream } = this.body
    const context = { requestId, startMs: performance.now() }
    refuse(this.deps, this.posed.caller, context, { endpoint, scope, requested: model, stream }, error)
  }

  private hostedOf({ id, name, arguments: args }: CallPart): HostedCall {
    const { group, name: tool } = this.begun.tools.get(name)!
    const requestId = this.nextPart()
    return { id, requestId, group, tool, arguments: args, output: "", isError: false, chargedNano: nano(0) }
  }

  private async runOne(call: HostedCall, index: number, signal: AbortSignal): Promise<void> {
    const { requestId, group, tool } = call
    try {
      if (index >= GATEWAY_LIMITS.callsPerRoundMax)
        throw bad("", `It did not run: at most ${GATEWAY_LIMITS.callsPerRoundMax} tools run at once. Call it again.`)
      const args = argumentsOf(call.arguments)
      const { caller } = this.posed
      const said = await this.port.run({ caller, requestId, startMs: performance.now(), group, tool, args, signal })
      this.add(said)
      Object.assign(call, { output: cut(said.text), isError: said.isError, chargedNano: said.chargedNano })
    } catch (error) {
      if (signal.aborted) this.stop("client_gone", "The client closed the connection.")
      else this.stopBy(error)
      const words = error instanceof AppError ? error.message : "Something failed on our side."
      Object.assign(call, { output: words, isError: true })
    }
  }
}

/** Who calls may not, or cannot pay: no later round or tool would fare better. */
const STOPS: ReadonlySet<ErrorCode> = new Set([
  "insufficient_credits",
  "credits_on_hold",
  "app_daily_limit_exceeded",
  "spend_limit_exceeded",
  "insufficient_scope",
  "account_suspended",
  "client_suspended",
  "token_revoked",
  "token_expired",
])

/** The first part has the call's own name. */
const partId = (requestId: string, part: number): string => (part === 1 ? requestId : `${requestId}-${part}`)

const freed = (choice: Conversation["toolChoice"]): Conversation["toolChoice"] =>
  choice?.type === "required" || choice?.type === "tool"
    ? { type: "auto" }
    : choice?.type === "allowed"
      ? { ...choice, required: false }
      : choice

/** @throws AppError that its model is told */
function argumentsOf(text: string): Record<string, unknown> {
  let args: unknown
  try {
    args = text.trim() === "" ? {} : JSON.parse(text)
  } catch {
    args = null
  }
  if (!isObject(args)) throw bad("", "It did not run: its arguments are no JSON object.")
  return args
}

const { toolTextCharsMax } = GATEWAY_LIMITS
const cut = (text: string): string =>
  text.length <= toolTextCharsMax
    ? text
    : `${text.slice(0, toolTextCharsMax)}\n[${text.length - toolTextCharsMax} more characters left out]`

const resultsOf = (hosted: readonly HostedCall[], calls: readonly CallPart[]): Turn => ({
  role: "user",
  param: "messages",
  parts: hosted.map(({ id, output, isError }, index) => ({
    type: "result",
    id,
    name: calls[index]!.name,
    parts: [{ type: "text", text: output, param: "messages" }],
    isError,
    param: "messages",
  })),
})
