import {
  Beside,
  CodeBlock,
  Diff,
  JsonView,
  Markdown,
  type MarkdownHeading,
  markdown,
  OnPage,
  Prose,
  Reading,
  TreeNav,
} from "../ui/index.ts"
import type { Specimen } from "./specimen.ts"

const TEXT = `Storyteller writes **bedtime stories** with your credits. Read [how it works](https://storyteller.example) first.

- A story costs about 2 credits.
- It never spends more than you allow.

> "We read one every night." (Ida)

| Model | Credits a story |
|:--|--:|
| gpt-5-mini | 1.9 |
| gpt-5 | 14.2 |

\`\`\`js
const story = await tell({ about: "a lighthouse" })
\`\`\`
`
const HOSTILE = `# Not a title

<script>alert(1)</script> <b>no markup</b> [press me](javascript:alert(1)) ![a picture](https://example.com/track.gif)

${"averylongwordwithoutanyspace".repeat(8)}

مرحبا بالعالم، هذا نص من اليمين إلى اليسار مع \`code\` فيه.`
const GUIDE = `## Before you start

You need an app and its client id.

## First call

Send a request as below. Errors come back as \`problem+json\`.

### With a key of your own

The header is the same.

## When credits run out

The answer is 402 and says how many are missing.`

const BODY = JSON.stringify({
  id: "chatcmpl_01JD4Z9W5H7Q8R2T3V4X5Y6Z7A",
  model: "gpt-5-mini",
  usage: { input_tokens: 812, output_tokens: 204, exact: true },
  choices: [{ index: 0, message: { role: "assistant", content: "Once upon a time, ".repeat(40) }, logprobs: null }],
  "a key with spaces": "مرحبا بالعالم",
})
const LONG_LIST = JSON.stringify(Array.from({ length: 400 }, (_, index) => index))
const HTTP = `POST /v1/chat/completions HTTP/1.1
authorization: Bearer pk_live_…
content-type: application/json

{"model": "gpt-5-mini", "messages": [{"role": "user", "content": "Hello"}]}`
const PHP = `<?php
$answer = $client->chat()->create(['model' => 'gpt-5-mini', 'max_tokens' => 200]); // 200 at most
echo $answer->choices[0]->message->content;`
const SQL = `SELECT app, sum(credits) AS used FROM calls WHERE day >= '2026-11-01' GROUP BY app ORDER BY used DESC LIMIT 10`
const OLD = `Storyteller writes bedtime stories.
It costs about 3 credits a story.
It speaks English.

Made by Paper Lantern Studio.`
const NEW = `Storyteller writes bedtime stories.
It costs about 2 credits a story.
It speaks English and Arabic: مرحبا.

Made by Paper Lantern Studio.
Ask us anything.`

/** Each specimen is drawn twice on the page: its headings need ids of their own. */
function guideFor(id: (name: string) => string): { safeHtml: string; headings: MarkdownHeading[] } {
  const { html, headings } = markdown(GUIDE, "ours", id("code"))
  return {
    safeHtml: html.replace(/ id="([^"]+)"/g, (_, name: string) => ` id="${id(name)}"`),
    headings: headings.map((heading) => ({ ...heading, id: id(heading.id) })),
  }
}

export const CONTENT: readonly Specimen[] = [
  {
    name: "Prose and Markdown",
    use: "Texts of people and of ours. People's come without markup, pictures or addresses other than the web and mail.",
    draw: (on) => <Markdown source={TEXT} by="people" id={on.id("text")} />,
  },
  {
    name: "Markdown that means harm",
    use: "The same part with what people try, long words, and right to left.",
    draw: (on) => (
      <div class="stack">
        <Markdown source={HOSTILE} by="people" id={on.id("text")} />
        <Markdown source="" by="people" id={on.id("none")} />
      </div>
    ),
  },
  {
    name: "Highlighted code",
    use: "Code to read or copy, in twelve languages. Without a language it stays plain.",
    draw: (on) => (
      <div class="stack">
        <CodeBlock id={on.id("http")} title="HTTP" language="http" code={HTTP} />
        <CodeBlock id={on.id("php")} title="PHP" language="php" code={PHP} />
        <CodeBlock id={on.id("sql")} title="One long line" language="sql" code={SQL} />
        <CodeBlock id={on.id("plain")} title="Plain" code="nothing to colour" />
      </div>
    ),
  },
  {
    name: "Tree and on-page contents",
    use: "Around long texts. The group with the current page is open; the heading that is read is marked.",
    wide: true,
    draw: (on) => {
      const { safeHtml, headings } = guideFor(on.id)
      return (
        <Reading
          tree={
            <TreeNav
              label="Documents"
              nodes={[
                { label: "Overview", href: "/_ui" },
                {
                  label: "Guides",
                  children: [
                    { label: "First call", href: "/_ui", current: true },
                    { label: "دليل بالعربية", href: "/_ui" },
                    { label: "A guide with a title that is long enough to need a second line", href: "/_ui" },
                    { label: "Deeper", children: [{ label: "Streaming", href: "/_ui" }] },
                  ],
                },
                { label: "Reference", children: [{ label: "Errors", href: "/_ui" }] },
              ]}
            />
          }
          onPage={<OnPage headings={headings} />}
        >
          <Prose>{safeHtml}</Prose>
        </Reading>
      )
    },
  },
  {
    name: "Thing and live example",
    use: "A price list, a request, a product: left the thing, right the example, which stays in sight. Stacked on phones.",
    wide: true,
    draw: (on) => (
      <Beside
        label={on.id("example")}
        example={<CodeBlock id={on.id("code")} title="Request" language="http" code={HTTP} />}
      >
        <Prose>
          <p>An app asks for a chat with the credits of whoever uses it.</p>
          <p>The answer streams when it is asked to, and the charge is known with its last line.</p>
        </Prose>
      </Beside>
    ),
  },
  {
    name: "JSON",
    use: "A document to look into: a request, an answer, an event. Arrows move, path and value can be copied.",
    draw: (on) => (
      <div class="stack">
        <JsonView id={on.id("body")} label="Body of the answer" source={BODY} />
        <JsonView id={on.id("long")} label="A long list" source={LONG_LIST} levels={0} />
        <JsonView id={on.id("none")} label="Empty object" source="{}" />
        <JsonView id={on.id("bad")} label="Not JSON" source="<html>502 Bad Gateway</html>" />
      </div>
    ),
  },
  {
    name: "Diff",
    use: "Two versions of a text, one below the other. What changed is said in words too.",
    draw: () => (
      <div class="stack">
        <Diff label="Description" before={OLD} after={NEW} />
        <Diff label="Nothing changed" before={OLD} after={OLD} />
        <Diff label="First version" before="" after="All of it is new." />
      </div>
    ),
  },
  {
    name: "Diff side by side",
    use: "Where there is width.",
    wide: true,
    draw: () => <Diff label="Description, side by side" before={OLD} after={NEW} sideBySide />,
  },
]
