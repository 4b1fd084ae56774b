// What programs may send to the forms of set-up files, and what such an answer holds beside its sentence.
import { Type as t } from "@sinclair/typebox"
import type { Described } from "./api-examples.ts"

const changes = t.Array(
  t.Object({
    kind: t.String({ description: "Section of the file", examples: ["plans"] }),
    entry: t.String({ description: "Name of the entry", examples: ["pro"] }),
    act: t.Union([t.Literal("added"), t.Literal("changed"), t.Literal("removed")], {
      description: "What happens to it",
      examples: ["changed"],
    }),
    fields: t.Array(
      t.Object({
        field: t.String({ description: "Name of the field in the file", examples: ["price"] }),
        before: t.Union([t.String(), t.Null()], { description: "As typed; null: there was none", examples: ["29.99"] }),
        after: t.String({ description: "As typed", examples: ["34.99"] }),
      }),
      { description: "Each field that differs" },
    ),
  }),
  { description: "What differs; empty when it is so already" },
)
const LOOK = "req_01K9ZT4M2Q8V6X3B7N5RJDHWCE"

export const SETUP: Record<string, Described> = {
  "/admin/apply": {
    body: { text: "purser: 1\nplans:\n  pro: { price: 34.99 }\n", keys: "OPENAI_API_KEY=sk-…" },
    result: { look: t.String({ description: "Which look it is: named to apply it", examples: [LOOK] }), changes },
  },
  "/admin/apply/application": { body: { reason: "Asked by mail" }, result: { changes } },
  "/admin/apply/export": {
    body: {},
    result: { file: t.String({ description: "The file, YAML", examples: ["purser: 1\n"] }) },
  },
}
