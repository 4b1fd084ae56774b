// For tests only: an answer of the Responses API as its documentation shows it, whole and as a stream.
export const SEAL = "gAAAAABo-sealed"

export const ANSWER = {
  id: "resp_68af4030592c81938ec0a5fbab4a3e9f05438e46b5f69a3b",
  object: "response",
  created_at: 1_756_315_696,
  status: "completed",
  background: false,
  error: null,
  incomplete_details: null,
  instructions: null,
  max_output_tokens: 1_000,
  model: "mock-1",
  output: [
    {
      id: "rs_68af4030baa48193b0b43b4c2a176a1a05438e46b5f69a3b",
      type: "reasoning",
      encrypted_content: SEAL,
      summary: [{ type: "summary_text", text: "**Looking**\n\nThe weather." }],
    },
    {
      id: "msg_68af40337e58819392e935fb404414d005438e46b5f69a3b",
      type: "message",
      status: "completed",
      content: [
        {
          type: "output_text",
          annotations: [
            { type: "url_citation", url: "https://w.example", title: "Weather", start_index: 0, end_index: 5 },
          ],
          logprobs: [],
          text: "Hello wörld 🌍",
        },
      ],
      role: "assistant",
    },
    {
      id: "fc_68af4033c5808193",
      type: "function_call",
      status: "completed",
      arguments: '{"city":"Köln"}',
      call_id: "call_1",
      name: "weather",
    },
    {
      id: "ctc_68af4033c5808194",
      type: "custom_tool_call",
      status: "completed",
      call_id: "call_2",
      name: "shell",
      input: "ls\n",
    },
  ],
  parallel_tool_calls: true,
  reasoning: { effort: "low", summary: "auto" },
  store: false,
  temperature: 1,
  tool_choice: "auto",
  tools: [],
  top_p: 1,
  truncation: "disabled",
  usage: {
    input_tokens: 100,
    input_tokens_details: { cached_tokens: 40, cache_write_tokens: 0 },
    output_tokens: 20,
    output_tokens_details: { reasoning_tokens: 8 },
    total_tokens: 120,
  },
  metadata: {},
}

export type Answer = typeof ANSWER
type Json = Record<string, unknown>
const begun = { ...ANSWER, status: "in_progress", output: [], usage: null }
const [thought, message, call, custom] = ANSWER.output as unknown as Json[]

function itemEvents(item: Json, output_index: number, empty: Json, inside: Json[]): Json[] {
  const at = { item_id: item.id, output_index }
  return [
    { type: "response.output_item.added", output_index, item: { ...item, ...empty } },
    ...inside.map((event) => ({ ...event, ...at })),
    { type: "response.output_item.done", output_index, item },
  ]
}

const summary = { type: "summary_text", text: "**Looking**\n\nThe weather." }
const part = { type: "output_text", annotations: [], logprobs: [], text: "" }
const text = (message!.content as Json[])[0]!
const obfuscation = "xK2"

/** Its events, in order; `end` is the last one. */
export const eventsOf = (end: Json = { type: "response.completed", response: ANSWER }): Json[] =>
  [
    { type: "response.created", response: begun },
    { type: "response.in_progress", response: begun },
    ...itemEvents(thought!, 0, { summary: [], encrypted_content: "" }, [
      { type: "response.reasoning_summary_part.added", summary_index: 0, part: { ...summary, text: "" } },
      { type: "response.reasoning_summary_text.delta", summary_index: 0, delta: "**Looking**\n\n", obfuscation },
      { type: "response.reasoning_summary_text.delta", summary_index: 0, delta: "The weather.", obfuscation },
      { type: "response.reasoning_summary_text.done", summary_index: 0, text: summary.text },
      { type: "response.reasoning_summary_part.done", summary_index: 0, part: summary },
    ]),
    ...itemEvents(message!, 1, { status: "in_progress", content: [] }, [
      { type: "response.content_part.added", content_index: 0, part },
      { type: "response.output_text.delta", content_index: 0, delta: "Hello", logprobs: [], obfuscation },
      { type: "response.output_text.delta", content_index: 0, delta: " wörld 🌍", logprobs: [], obfuscation },
      {
        type: "response.output_text.annotation.added",
        content_index: 0,
        annotation_index: 0,
        annotation: (text.annotations as Json[])[0],
      },
      { type: "response.output_text.done", content_index: 0, text: text.text, logprobs: [] },
      { type: "response.content_part.done", content_index: 0, part: text },
    ]),
    ...itemEvents(call!, 2, { status: "in_progress", arguments: "" }, [
      { type: "response.function_call_arguments.delta", delta: '{"city":', obfuscation },
      { type: "response.function_call_arguments.delta", delta: '"Köln"}', obfuscation },
      { type: "response.function_call_arguments.done", arguments: call!.arguments },
    ]),
    ...itemEvents(custom!, 3, { status: "in_progress", input: "" }, [
      { type: "response.custom_tool_call_input.delta", delta: "ls\n", obfuscation },
      { type: "response.custom_tool_call_input.done", input: "ls\n" },
    ]),
    end,
  ].map((event, sequence_number) => ({ ...event, sequence_number }))

export const sseOf = (events: readonly Json[]): string =>
  events.map((event) => `event: ${String(event.type)}\ndata: ${JSON.stringify(event)}\n\n`).join("")
