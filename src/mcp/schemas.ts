// What the routes of /v1/mcp take and answer: one schema stands in the OpenAPI document and is held against real answers by tests.

import { type TLiteral, type TSchema, Type as t } from "@sinclair/typebox"
import { Amount } from "../gateway/index.ts"

const STATES = ["new", "ok", "failing", "consent"] as const
const orNull = <Schema extends TSchema>(schema: Schema, description: string) =>
  t.Union([schema, t.Null()], { description })
const Any = t.Object({}, { additionalProperties: true })

const ToolGroup = t.Object({
  object: t.Literal("mcp.group"),
  id: t.String({ description: "Its id" }),
  name: t.String({ description: "What addresses name" }),
  title: t.String({ description: "What people call it" }),
  url: t.String({ description: "Where any MCP client logs in to it" }),
  servers: t.Array(
    t.Object({
      name: t.String({ description: "What its tools are prefixed with where names collide" }),
      title: t.String({ description: "As it names itself" }),
      active: t.Boolean({ description: "Whether it is turned on" }),
      state: t.Union(
        STATES.map((state): TLiteral<(typeof STATES)[number]> => t.Literal(state)),
        { description: "`consent`: its owner has to sign in there again" },
      ),
    }),
    { description: "Its servers" },
  ),
  tools: t.Integer({ description: "How many tools can be called" }),
})
export const ToolGroupList = t.Object(
  { object: t.Literal("list"), data: t.Array(ToolGroup, { description: "The list" }) },
  { description: "The groups of tool servers of whoever calls" },
)

export const Tool = t.Object({
  object: t.Literal("mcp.tool"),
  name: t.String({ description: "What a call names" }),
  server: t.String({ description: "Whose it is" }),
  title: orNull(t.String(), "What people call it"),
  description: orNull(t.String(), "What it does, in the words of its server"),
  input_schema: t.Object({}, { additionalProperties: true, description: "JSON Schema of its arguments" }),
  output_schema: orNull(Any, "JSON Schema of its structured answer"),
  annotations: orNull(Any, "Hints of its server, such as whether it only reads; not to be trusted"),
  price: Amount,
})
export const ToolList = t.Object(
  { object: t.Literal("list"), data: t.Array(Tool, { description: "The list" }) },
  { description: "The tools of a group that can be called, as their owner approved them, with what a call costs you" },
)

export const ToolCallRequest = t.Object({
  tool: t.String({ minLength: 1, description: "A name of the list" }),
  arguments: t.Optional(t.Object({}, { additionalProperties: true, description: "What its `input_schema` asks for" })),
})

export const ToolCallAnswer = t.Object(
  {
    object: t.Literal("mcp.tool_call"),
    id: t.String({ description: "Names this call" }),
    group: t.String({ description: "The group" }),
    server: t.String({ description: "The server that answered" }),
    tool: t.String({ description: "The tool" }),
    content: t.Array(Any, { description: "Content blocks as MCP has them: text, images, audio, resources" }),
    structured_content: t.Optional(
      t.Object({}, { additionalProperties: true, description: "The structured answer, where the tool has one" }),
    ),
    is_error: t.Boolean({ description: "The tool says that it failed; then it cost nothing" }),
    charged: Amount,
    balance: Amount,
    transaction: orNull(t.String(), "The transaction in the books; null where it cost nothing"),
  },
  { description: "What the tool answered" },
)
