// Adding a provider takes one folder and one row, and it works: in a copy of the tree an operator adds an account of
// another wire, and calls are answered and charged.
import { afterAll, expect, test } from "bun:test"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { Copy } from "./copy.ts"

const PROVIDERS = "src/gateway/providers"
const copy = new Copy()
afterAll(() => copy.remove())

test("a provider: its folder, and a row of the table", async () => {
  const wire = readFileSync(join(copy.folder, "src/sites/api/lines-provider.ts"), "utf8")
  copy.add(`${PROVIDERS}/lines/wire.ts`, wire.replace("../../gateway/index.ts", "../provider.ts"))
  copy.add(
    `${PROVIDERS}/lines/index.ts`,
    `// Servers that answer in lines of JSON. Their refusals read like OpenAI's.
import { openai } from "../openai/index.ts"
import { linesProvider } from "./wire.ts"

export const lines = linesProvider(openai)
`,
  )
  copy.insert(`${PROVIDERS}/index.ts`, "import { openai }", 'import { lines } from "./lines/index.ts"\n')
  copy.insert(`${PROVIDERS}/index.ts`, "  sandbox,\n", "  lines,\n")
  expect(copy.files()).toEqual([`${PROVIDERS}/lines/wire.ts`, `${PROVIDERS}/lines/index.ts`, `${PROVIDERS}/index.ts`])
  expect(await copy.found("try-provider.ts")).toEqual({
    words: ["Lines of JSON", "A server that answers in lines.", "http://127.0.0.1:11434"],
    added: [200, "far answers and offers 2 models."],
    asked: { path: "/api/chat", key: "the-key", num_predict: 100 },
    // 50 tokens in at $1 a million and 9 out at $2, doubled by the shares.
    whole: { text: "Grüße 🌍", tokens: 59, charge: 136_000, paid: 136_000 },
    stream: { text: "Grüße 🌍", tokens: 59, charge: 136_000, paid: 136_000 },
  })
}, 60_000)
