// What of a conversation Anthropic has no word for, as a refusal by name.
import type { AppError } from "../../../app/index.ts"
import { type Conversation, cannot, type Part, type Sampling } from "../conversation.ts"

/** Penalties of 0 and the like change nothing. */
const UNKNOWN: readonly [member: keyof Sampling, nothing: number | null, what: string][] = [
  ["minP", 0, "`min_p` cannot be told to this model"],
  ["frequencyPenalty", 0, "A frequency penalty cannot be told to this model"],
  ["presencePenalty", 0, "A presence penalty cannot be told to this model"],
  ["repetitionPenalty", 1, "A repetition penalty cannot be told to this model"],
  ["seed", null, "A seed cannot be told to this model"],
]

export function cannotSay(conversation: Conversation): AppError | null {
  const { params, sampling, tools, toolChoice, format, logprobs, choices, verbosity } = conversation
  for (const [member, nothing, what] of UNKNOWN) {
    if (sampling[member] !== null && sampling[member] !== nothing) return cannot(params[member], what)
  }
  if (sampling.logitBias && Object.keys(sampling.logitBias).length > 0) {
    return cannot(params.logitBias, "Biases of single tokens cannot be told to this model")
  }
  if (logprobs !== null) return cannot(params.logprobs, "Log probabilities cannot be had from this model")
  if (choices > 1) return cannot(params.choices, "This model makes one answer a call")
  if (verbosity !== null && verbosity !== "medium") {
    return cannot(params.verbosity, "How long answers should be cannot be told to this model")
  }
  if (conversation.stop.some((one) => one.trim() === "")) {
    return cannot(params.stop, "This model cannot stop at a blank or the end of a line")
  }
  if (format?.type === "json") {
    return cannot(params.format, "This model writes JSON by a schema (`json_schema`) only")
  }
  const custom = tools.find(({ type }) => type === "custom")
  if (custom) return cannot(custom.param, "A tool that takes free text cannot be told to this model")
  if (toolChoice?.type === "allowed" && toolChoice.names.length === 0) {
    return cannot(params.toolChoice, "A choice among no tools cannot be told to this model")
  }
  return partProblem(conversation.messages.flatMap(({ parts }) => parts))
}

const PICTURES = new Set(["image/jpeg", "image/png", "image/gif", "image/webp"])

function partProblem(parts: readonly Part[]): AppError | null {
  for (const part of parts) {
    if (part.type === "audio") return cannot(part.param, "This model cannot hear")
    if (part.type === "call" && part.custom)
      return cannot(part.param, "A call with free text cannot be told to this model")
    if (part.type === "image" && part.source.type === "data" && !PICTURES.has(part.source.mediaType)) {
      return cannot(
        part.param,
        `Pictures of the type ${part.source.mediaType.slice(0, 60)} cannot be shown to this model`,
      )
    }
    if (part.type === "file" && part.source.type === "data" && !isPaper(part.source.mediaType)) {
      return cannot(
        part.param,
        `Documents of the type ${part.source.mediaType.slice(0, 60)} cannot be shown to this model`,
      )
    }
    if (part.type === "result") {
      const found = partProblem(part.parts)
      if (found) return found
    }
  }
  return null
}

const isPaper = (mediaType: string): boolean => mediaType === "application/pdf" || mediaType.startsWith("text/")
