// For tests only: answers of the Messages API, written after its public documentation, as streams and as whole messages.
import {
  ask,
  call,
  closes,
  delta,
  finish,
  made,
  message,
  opens,
  PING,
  type Recorded,
  sseOf,
  start,
  stops,
  text,
  textBlock,
  tokens,
  toolBlock,
} from "./words.ts"

export { sseOf } from "./words.ts"

const WEATHER = {
  name: "get_weather",
  description: "Get the current weather in a given location",
  input_schema: { type: "object", properties: { location: { type: "string" } }, required: ["location"] },
}
const ODE = Array.from({ length: 2_000 }, (_, at) => `word${at} `)
const SEAL = "EqQBCgIYAhIM1gbcDa9GJwZA2b3hGgxBdjrkzLoky3dl1pkiMOYds"
const CITED = {
  type: "char_location",
  cited_text: "The grass is green.",
  document_index: 0,
  document_title: "My Document",
  start_char_index: 0,
  end_char_index: 20,
}

export const RECORDED: Readonly<Record<string, Recorded>> = {
  plain: {
    request: ask("Hello"),
    stream: [
      start({ input_tokens: 25, output_tokens: 1 }),
      opens(0, { type: "text", text: "" }),
      PING,
      delta(0, { type: "text_delta", text: "Hello" }),
      delta(0, { type: "text_delta", text: "!" }),
      closes(0),
      ...stops("end_turn", { output_tokens: 15 }),
    ],
    whole: message([{ type: "text", text: "Hello!" }], "end_turn", { input_tokens: 25, output_tokens: 15 }),
    says: [text("Hello!"), finish("stop")],
    input: tokens(25),
    output: made(15),
  },
  tools: {
    request: { ...ask("What is the weather like in San Francisco?"), tools: [WEATHER], tool_choice: { type: "any" } },
    stream: [
      start({ input_tokens: 472, output_tokens: 2 }),
      PING,
      ...textBlock(0, "Okay", ", let", "'s check."),
      ...toolBlock(1, "toolu_01T1x1fJ34qAmk2tNTrN7Up6", "get_weather", "", '{"location":', ' "San', ' Francisco, CA"}'),
      ...stops("tool_use", { output_tokens: 89 }),
    ],
    whole: message(
      [
        { type: "text", text: "Okay, let's check." },
        {
          type: "tool_use",
          id: "toolu_01T1x1fJ34qAmk2tNTrN7Up6",
          name: "get_weather",
          input: { location: "San Francisco, CA" },
        },
      ],
      "tool_use",
      { input_tokens: 472, output_tokens: 89 },
    ),
    says: [
      text("Okay, let's check."),
      call(0, "toolu_01T1x1fJ34qAmk2tNTrN7Up6", "get_weather", '{"location":"San Francisco, CA"}'),
      finish("tool_calls"),
    ],
    input: tokens(472),
    output: made(89),
  },
  "parallel tools": {
    request: { ...ask("Weather and time in Paris?"), tools: [WEATHER, { ...WEATHER, name: "get_time" }] },
    stream: [
      start({ input_tokens: 500, output_tokens: 3 }),
      ...textBlock(0, "Both."),
      ...toolBlock(1, "toolu_01", "get_weather", '{"location": "Paris"}'),
      ...toolBlock(2, "toolu_02", "get_time", ""),
      ...stops("tool_use", { input_tokens: 500, output_tokens: 120 }),
    ],
    whole: message(
      [
        { type: "text", text: "Both." },
        { type: "tool_use", id: "toolu_01", name: "get_weather", input: { location: "Paris" } },
        { type: "tool_use", id: "toolu_02", name: "get_time", input: {} },
      ],
      "tool_use",
      { input_tokens: 500, output_tokens: 120 },
    ),
    says: [
      text("Both."),
      call(0, "toolu_01", "get_weather", '{"location":"Paris"}'),
      call(1, "toolu_02", "get_time", "{}"),
      finish("tool_calls"),
    ],
    input: tokens(500),
    output: made(120),
  },
  image: {
    request: ask([
      { type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" } },
      { type: "text", text: "What is in the above image?" },
    ]),
    stream: [
      start({ input_tokens: 1_551, output_tokens: 1 }),
      ...textBlock(0, "An ant, ", "up close."),
      ...stops("end_turn", { output_tokens: 9 }),
    ],
    whole: message([{ type: "text", text: "An ant, up close." }], "end_turn", {
      input_tokens: 1_551,
      output_tokens: 9,
    }),
    says: [text("An ant, up close."), finish("stop")],
    input: tokens(1_551),
    output: made(9),
  },
  schema: {
    request: {
      ...ask("John Smith (john@example.com)"),
      output_config: {
        format: {
          type: "json_schema",
          schema: {
            type: "object",
            properties: { name: { type: "string" } },
            required: ["name"],
            additionalProperties: false,
          },
        },
      },
    },
    stream: [
      start({ input_tokens: 210, output_tokens: 1 }),
      ...textBlock(0, '{"name":', '"John Smith"}'),
      ...stops("end_turn", { output_tokens: 12 }),
    ],
    whole: message([{ type: "text", text: '{"name":"John Smith"}' }], "end_turn", {
      input_tokens: 210,
      output_tokens: 12,
    }),
    says: [text('{"name":"John Smith"}'), finish("stop")],
    input: tokens(210),
    output: made(12),
  },
  thinking: {
    request: { ...ask("What is 27 * 453?"), thinking: { type: "enabled", budget_tokens: 1_024 } },
    stream: [
      start({
        input_tokens: 40,
        output_tokens: 1,
        cache_read_input_tokens: 100,
        cache_creation_input_tokens: 30,
        cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
      }),
      opens(0, { type: "thinking", thinking: "", signature: "" }),
      delta(0, { type: "thinking_delta", thinking: "Let me solve this step by step:\n\n" }),
      delta(0, { type: "thinking_delta", thinking: "27 * 453 = 12231" }),
      delta(0, { type: "signature_delta", signature: SEAL }),
      closes(0),
      opens(1, { type: "redacted_thinking", data: "EmwKAhgBEgy3va3pzix/LafPsn4a" }),
      closes(1),
      opens(2, { type: "text", text: "" }),
      delta(2, { type: "text_delta", text: "27 * 453 = 12,231" }),
      delta(2, { type: "citations_delta", citation: CITED }),
      closes(2),
      ...stops("end_turn", { output_tokens: 64, output_tokens_details: { thinking_tokens: 41 } }),
    ],
    whole: message(
      [
        { type: "thinking", thinking: "Let me solve this step by step:\n\n27 * 453 = 12231", signature: SEAL },
        { type: "redacted_thinking", data: "EmwKAhgBEgy3va3pzix/LafPsn4a" },
        { type: "text", text: "27 * 453 = 12,231", citations: [CITED] },
      ],
      "end_turn",
      {
        input_tokens: 40,
        output_tokens: 64,
        cache_read_input_tokens: 100,
        cache_creation_input_tokens: 30,
        cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
        output_tokens_details: { thinking_tokens: 41 },
      },
    ),
    says: [
      { type: "reasoning", choice: 0, text: "Let me solve this step by step:\n\n27 * 453 = 12231" },
      { type: "signature", choice: 0, signature: { format: "anthropic", data: SEAL } },
      {
        type: "signature",
        choice: 0,
        signature: { format: "anthropic", data: "EmwKAhgBEgy3va3pzix/LafPsn4a", redacted: true },
      },
      text("27 * 453 = 12,231"),
      {
        type: "citation",
        choice: 0,
        citation: {
          type: "document",
          index: 0,
          title: "My Document",
          text: "The grass is green.",
          unit: "char",
          start: 0,
          end: 20,
        },
      },
      finish("stop"),
    ],
    input: tokens(170, { cachedInputTokens: 100, cacheWriteTokens: 30, cacheWrite1hTokens: 20 }),
    output: made(64, 41),
  },
  "long stream": {
    request: ask("Write a long ode."),
    stream: [
      start({ input_tokens: 12, output_tokens: 1 }),
      ...textBlock(0, ...ODE),
      ...stops("end_turn", { output_tokens: 4_000 }),
    ],
    whole: message([{ type: "text", text: ODE.join("") }], "end_turn", { input_tokens: 12, output_tokens: 4_000 }),
    says: [text(ODE.join("")), finish("stop")],
    input: tokens(12),
    output: made(4_000),
  },
  refusal: {
    request: ask("How do I …?"),
    stream: [
      start({ input_tokens: 30, output_tokens: 1 }),
      ...textBlock(0, "I'd"),
      ...stops(
        "refusal",
        { output_tokens: 5 },
        { stop_details: { type: "refusal", category: "bio", explanation: "This may be harmful." } },
      ),
    ],
    whole: message(
      [{ type: "text", text: "I'd" }],
      "refusal",
      { input_tokens: 30, output_tokens: 5 },
      {
        stop_details: { type: "refusal", category: "bio", explanation: "This may be harmful." },
      },
    ),
    says: [text("I'd"), { type: "refusal", choice: 0, text: "This may be harmful." }, finish("content_filter")],
    input: tokens(30),
    output: made(5),
  },
  max_tokens: {
    request: ask("Count to a million."),
    stream: [
      start({ input_tokens: 14, output_tokens: 1 }),
      ...textBlock(0, "1, 2", ", 3"),
      ...stops("max_tokens", { output_tokens: 8 }),
    ],
    whole: message([{ type: "text", text: "1, 2, 3" }], "max_tokens", { input_tokens: 14, output_tokens: 8 }),
    says: [text("1, 2, 3"), finish("length")],
    input: tokens(14),
    output: made(8),
  },
  "stop sequence": {
    request: { ...ask("a b c"), stop_sequences: ["END"] },
    stream: [
      start({ input_tokens: 9, output_tokens: 1 }),
      ...textBlock(0, "a b "),
      ...stops("stop_sequence", { output_tokens: 4 }, { stop_sequence: "END" }),
    ],
    whole: message(
      [{ type: "text", text: "a b " }],
      "stop_sequence",
      { input_tokens: 9, output_tokens: 4 },
      { stop_sequence: "END" },
    ),
    says: [text("a b "), finish("stop", { stopSequence: "END" })],
    input: tokens(9),
    output: made(4),
  },
}

/** Overloaded in the middle: after this much of it was said. */
export const brokenStream = (said: string | null): string =>
  sseOf([
    start({ input_tokens: 25, output_tokens: 1 }),
    opens(0, { type: "text", text: "" }),
    PING,
    ...(said === null ? [] : [delta(0, { type: "text_delta", text: said })]),
    { type: "error", error: { type: "overloaded_error", message: "Overloaded" } },
  ])
