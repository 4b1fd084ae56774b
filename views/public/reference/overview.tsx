// The front of the reference: where the API is, who may, every operation, every error.
import type { Frame } from "../../layout/frame.ts"
import { plural } from "../../ui/format.ts"
import { CodeTabs, CopyLine, Empty, type MarkdownHeading, Table } from "../../ui/index.ts"
import { Method, ReferenceFrame, Words } from "./parts.tsx"
import type { ReferenceAccess, ReferenceCode, ReferenceGroup, ReferenceRefusal, ReferenceTree } from "./types.ts"

export interface ReferenceProps {
  frame: Frame
  tree: ReferenceTree
  version: string
  /** "https://ai.example.com". */
  origin: string
  access: readonly ReferenceAccess[]
  /** Those that the filter leaves. */
  groups: readonly ReferenceGroup[]
  total: number
  refusals: readonly ReferenceRefusal[]
  calls: readonly ReferenceCode[]
}

const HEADINGS: readonly MarkdownHeading[] = [
  { id: "addresses", text: "Addresses", level: 2 },
  { id: "access", text: "Authorization", level: 2 },
  { id: "operations", text: "Operations", level: 2 },
  { id: "errors", text: "Errors", level: 2 },
]

/** GET /reference?q= */
export function ReferencePage(props: ReferenceProps): JSX.Element {
  const { frame, tree, version, origin } = props
  const isFiltered = tree.query !== ""
  return (
    <ReferenceFrame
      frame={frame}
      title="API reference"
      description="Every operation of the API: what it takes, answers and refuses, with calls that run."
      tree={tree}
      headings={isFiltered ? [] : HEADINGS}
    >
      <article class="operation">
        <header>
          <h1>API reference</h1>
          <p>
            {
              "Every operation that programs may call, made from what the server checks with. As a document for generators of clients: "
            }
            <a href="/openapi.json">openapi.json</a>
            <span safe>{` (OpenAPI 3.1, version ${version}).`}</span>
          </p>
        </header>
        {isFiltered ? null : <Addresses origin={origin} calls={props.calls} />}
        {isFiltered ? null : <Access access={props.access} />}
        <Operations groups={props.groups} query={tree.query} total={props.total} />
        {isFiltered ? null : <Errors refusals={props.refusals} />}
      </article>
    </ReferenceFrame>
  )
}

function Addresses({ origin, calls }: Pick<ReferenceProps, "origin" | "calls">): JSX.Element {
  return (
    <section aria-labelledby="addresses">
      <h2 id="addresses">Addresses</h2>
      <p>
        {
          "SDKs of OpenAI take the first as their base URL, those of Anthropic the second. Nothing else of a program changes."
        }
      </p>
      <CopyLine id="base-openai" text={`${origin}/v1`} />
      <CopyLine id="base-anthropic" text={origin} />
      <CodeTabs id="first-call" title="A first call" tabs={calls} />
      <p>
        <a href="/models">Models and prices</a>
        {" are public. A key is made under "}
        <a href="/keys">API keys</a>
        {", an app under "}
        <a href="/developer">Developers</a>.
      </p>
    </section>
  )
}

function Access({ access }: Pick<ReferenceProps, "access">): JSX.Element {
  return (
    <section aria-labelledby="access">
      <h2 id="access">Authorization</h2>
      <p>Each operation says which of these it takes, and which permission a key needs.</p>
      <ul class="access">
        {access.map(({ name, text }) => (
          <li>
            <strong safe>{name}</strong>
            {": "}
            <Words text={text} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function Operations({ groups, query, total }: { groups: readonly ReferenceGroup[]; query: string; total: number }) {
  const count = groups.reduce((sum, { operations }) => sum + operations.length, 0)
  return (
    <section aria-labelledby="operations">
      <h2 id="operations">Operations</h2>
      {query === "" ? null : (
        <p role="status">
          <span safe>{`${count} of ${plural(total, "operation")} for “${query}”. `}</span>
          <a href="/reference">Show all</a>
        </p>
      )}
      {count === 0 ? (
        <Empty title="No operation goes by that name" text="Try one word, such as keys, credits or messages." />
      ) : null}
      {groups.map(({ name, text, operations }) => (
        <>
          <h3 safe>{name}</h3>
          {text === "" ? null : (
            <p class="quiet" safe>
              {text}
            </p>
          )}
          <ul class="plain operations">
            {operations.map(({ href, method, path, summary }) => (
              <li>
                <a href={href} safe>
                  {summary}
                </a>
                <span class="address">
                  <Method method={method} />
                  <code safe>{path}</code>
                </span>
              </li>
            ))}
          </ul>
        </>
      ))}
    </section>
  )
}

function Errors({ refusals }: Pick<ReferenceProps, "refusals">): JSX.Element {
  return (
    <section aria-labelledby="errors">
      <h2 id="errors">Errors</h2>
      <p>
        {"Programs decide by the code; the message is for people and may change. "}
        <code>x-should-retry</code>
        {" says whether the same call can succeed later, "}
        <code>Retry-After</code>
        {" when. Under "}
        <code>/v1</code>
        {" errors come as the SDKs of OpenAI and Anthropic know them, under "}
        <code>/api/v1</code>
        {" as "}
        <code>application/problem+json</code>
        {". Where a provider refused, its own code stands in the place of ours."}
      </p>
      <Table
        caption="Errors"
        hideCaption
        columns={[{ label: "Code" }, { label: "Status", numeric: true }, { label: "Meaning" }, { label: "Retry" }]}
        rows={refusals.map(({ code, status, title, retry }) => [
          <code id={`error-${code}`} safe>
            {code}
          </code>,
          <span safe>{String(status)}</span>,
          <span safe>{title}</span>,
          <span>{retry ? "yes" : "no"}</span>,
        ])}
      />
    </section>
  )
}
