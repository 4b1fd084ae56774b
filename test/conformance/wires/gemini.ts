// Gemini's generateContent, of the Gemini API and of Vertex AI. https://ai.google.dev/api/generate-content,
// https://ai.google.dev/gemini-api/docs/thought-signatures
import {
  type Json,
  list,
  object,
  type Played,
  pieces,
  type Said,
  type Seen,
  type SeenTurn,
  sse,
  string,
} from "../meaning.ts"
import { GEMINI, GEMINI_CONFIG, GEMINI_PART, only } from "./members.ts"

const usageOf = ({ usage: { input, cached, output, reasoning } }: Said): Json => ({
  promptTokenCount: input,
  cachedContentTokenCount: cached,
  candidatesTokenCount: output - reasoning,
  ...(reasoning > 0 ? { thoughtsTokenCount: reasoning } : {}),
  totalTokenCount: input + output,
})

const FINISHES = { stop: "STOP", tool_calls: "STOP", length: "MAX_TOKENS", content_filter: "SAFETY" } as const

/** A refusal is a filter here, without words. */
const finishOf = (said: Said): string => (said.refusal === undefined ? FINISHES[said.finish] : "SAFETY")

/** Seals belong to the first call. */
const callParts = ({ calls = [], seal }: Said): Json[] =>
  calls.map(({ name, args }, at) => ({
    functionCall: { name, args },
    ...(seal && at === 0 ? { thoughtSignature: seal } : {}),
  }))

const head = { modelVersion: "played", responseId: "mAitaLmkHPPlz7IPvtfUqQ4" }
const answer = (parts: Json[], more: Json, said: Said): Json => ({
  candidates: [{ content: { role: "model", parts }, index: 0, ...more }],
  usageMetadata: usageOf(said),
  ...head,
})

export const geminiPlayed: Played = {
  stream(said, broken = false) {
    const growing = { ...said, usage: { ...said.usage, output: 3, reasoning: 0 } }
    const told = [
      ...pieces(said.thought ?? "").map((text) => answer([{ text, thought: true }], {}, growing)),
      ...pieces(said.text ?? "").map((text) => answer([{ text }], {}, growing)),
    ]
    if (broken)
      return sse([...told, { error: { code: 500, message: "An internal error has occurred.", status: "INTERNAL" } }])
    const last = said.calls ? callParts(said) : [{ text: "" }]
    return sse([...told, answer(last, { finishReason: finishOf(said) }, said)])
  },
  whole(said) {
    const { thought, text } = said
    const parts = [
      ...(thought ? [{ text: thought, thought: true }] : []),
      ...(text ? [{ text }] : []),
      ...callParts(said),
    ]
    return answer(parts, { finishReason: finishOf(said) }, said)
  },
  overloaded: () =>
    Response.json(
      { error: { code: 429, message: "Resource has been exhausted.", status: "RESOURCE_EXHAUSTED" } },
      { status: 429, headers: { "retry-after": "7" } },
    ),
  seen,
}

function seen(body: Json): Seen {
  only(body, GEMINI, "generateContent")
  const config = object(body.generationConfig)
  only(config, GEMINI_CONFIG, "generationConfig")
  const turns = list(body.contents).map(({ role, parts }): SeenTurn => {
    const turn: SeenTurn = {
      by: role === "user" ? "user" : "model",
      text: "",
      images: [],
      calls: [],
      results: [],
      seals: [],
    }
    for (const part of list(parts)) {
      only(part, GEMINI_PART, "a part")
      if (part.thought !== true) turn.text += string(part.text)
      if (part.inlineData) turn.images.push(string(object(part.inlineData).data))
      const { functionCall, functionResponse } = part
      if (functionCall) {
        const { name, args } = object(functionCall)
        turn.calls.push({ name: string(name), args: object(args) })
      }
      if (functionResponse) {
        const { name, response } = object(functionResponse)
        turn.results.push({ name: string(name), text: string(object(response).result) })
      }
      const seal = string(part.thoughtSignature)
      // The word that stands for calls of another model.
      if (seal !== "" && seal !== "skip_thought_signature_validator") turn.seals.push(seal)
    }
    return turn
  })
  const tools = list(body.tools).flatMap(({ functionDeclarations }) => list(functionDeclarations))
  return {
    system: list(object(body.systemInstruction).parts)
      .map(({ text }) => string(text))
      .join("\n"),
    turns,
    tools: tools.map(({ name, parametersJsonSchema }) => ({
      name: string(name),
      schema: object(parametersJsonSchema),
    })),
    schema: config.responseMimeType === "application/json" ? object(config.responseJsonSchema) : null,
    thinks: config.thinkingConfig !== undefined,
    maxTokens: Number(config.maxOutputTokens),
  }
}
