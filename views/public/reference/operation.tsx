// One operation of the API: left what it takes, answers and refuses, right a call that runs and its answer.
import type { Frame } from "../../layout/frame.ts"
import { Beside, CodeBlock, CodeTabs, type MarkdownHeading } from "../../ui/index.ts"
import { Fields, Method, ReferenceFrame, RefusalList, Variants, Words } from "./parts.tsx"
import { TryIt } from "./try.tsx"
import type {
  ReferenceAnswer,
  ReferenceLink,
  ReferenceOperation,
  ReferenceRefusal,
  ReferenceTree,
  Trying,
} from "./types.ts"

export interface ReferenceOperationProps {
  frame: Frame
  tree: ReferenceTree
  operation: ReferenceOperation
  trying: Trying
  /** In the order of the tree; null at its ends. */
  previous: ReferenceLink | null
  next: ReferenceLink | null
}

/** GET /reference/:operation */
export function ReferenceOperationPage(props: ReferenceOperationProps): JSX.Element {
  const { frame, tree, operation, previous, next } = props
  const { summary, method, path, text, operationId } = operation
  return (
    <ReferenceFrame
      frame={frame}
      title={`${summary} · API reference`}
      description={`${method} ${path}: ${summary}.`}
      tree={tree}
      headings={headingsOf(operation, props.trying !== null)}
    >
      <article class="operation">
        <header>
          <p class="quiet">
            <a href="/reference">API reference</a>
            {" · "}
            <span safe>{operation.group}</span>
          </p>
          <h1 safe>{summary}</h1>
          <p class="address">
            <Method method={method} />
            <code safe>{path}</code>
            {props.trying === null ? null : (
              <a class="button small" href="#try">
                Try it
              </a>
            )}
          </p>
          {text === "" ? null : (
            <p>
              <Words text={text} />
            </p>
          )}
          <p class="quiet">
            {"Operation "}
            <code safe>{operationId}</code>
            {" of the "}
            <a href="/openapi.json">OpenAPI document</a>
          </p>
        </header>
        <Beside label={`Example of ${summary}`} example={<Example {...props} />}>
          <Access operation={operation} />
          <Parameters operation={operation} />
          <Body operation={operation} />
          <Answers operation={operation} />
          <Refusals refusals={operation.refusals} envelope={operation.envelope} />
        </Beside>
        <Neighbours previous={previous} next={next} />
      </article>
    </ReferenceFrame>
  )
}

type Part = { operation: ReferenceOperation }

const headingsOf = ({ parameters, body, refusals }: ReferenceOperation, isTried: boolean): MarkdownHeading[] =>
  [
    ...(isTried ? [{ id: "try", text: "Try it" }] : []),
    { id: "access", text: "Authorization" },
    ...(parameters.length > 0 ? [{ id: "parameters", text: "Parameters" }] : []),
    ...(body ? [{ id: "body", text: "Body" }] : []),
    { id: "answer", text: "Answer" },
    ...(refusals.length > 0 ? [{ id: "errors", text: "Errors" }] : []),
  ].map((heading) => ({ ...heading, level: 2 }))

function Access({ operation: { access } }: Part): JSX.Element {
  return (
    <section aria-labelledby="access">
      <h2 id="access">Authorization</h2>
      {access.length === 0 ? (
        <p>Anybody. Nothing has to be sent that says who asks.</p>
      ) : (
        <>
          <p class="quiet">{access.length === 1 ? "This proves who asks:" : "One of these proves who asks:"}</p>
          <ul class="access">
            {access.map(({ name, text, scopes }) => (
              <li>
                <strong safe>{name}</strong>
                {scopes.length === 0 ? null : (
                  <>
                    {" with "}
                    {scopes.map((scope, index) => (
                      <>
                        {index > 0 ? ", " : ""}
                        <code safe>{scope}</code>
                      </>
                    ))}
                  </>
                )}
                {": "}
                <Words text={text} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

const PLACES = { path: "In the address", query: "In the query", header: "In the headers" } as const

function Parameters({ operation: { parameters } }: Part): JSX.Element {
  if (parameters.length === 0) return ""
  const places = (["path", "query", "header"] as const).filter((at) => parameters.some((one) => one.at === at))
  return (
    <section aria-labelledby="parameters">
      <h2 id="parameters">Parameters</h2>
      {places.map((at) => (
        <>
          <h3>{PLACES[at]}</h3>
          <Fields id={at} fields={parameters.filter((one) => one.at === at)} isSent />
        </>
      ))}
    </section>
  )
}

function Body({ operation: { body } }: Part): JSX.Element {
  if (!body) return ""
  return (
    <section aria-labelledby="body">
      <h2 id="body">Body</h2>
      <p>
        <code>application/json</code>
        {", "}
        <span safe>{body.type}</span>
        {". "}
        <Words text={body.text} />
      </p>
      {body.variants.length === 0 ? (
        <p class="quiet">It has no fields: send an empty object.</p>
      ) : (
        <Variants id="body" variants={body.variants} isSent />
      )}
      {body.isClosed ? <p class="quiet">A field that is not here is refused.</p> : null}
    </section>
  )
}

function Answers({ operation: { answers } }: Part): JSX.Element {
  return (
    <section aria-labelledby="answer">
      <h2 id="answer">Answer</h2>
      {answers.map((answer, index) => (
        <Answer answer={answer} id={index === 0 ? "answer" : `answer-${index + 1}`} />
      ))}
    </section>
  )
}

function Answer({ answer, id }: { answer: ReferenceAnswer; id: string }): JSX.Element {
  const { status, text, type, variants, headers } = answer
  return (
    <>
      <p>
        <strong safe>{status}</strong> <code safe>{type}</code>
        {". "}
        <Words text={text} />
      </p>
      <Variants id={id} variants={variants} isSent={false} />
      {headers.length === 0 ? null : (
        <>
          <h3>Headers</h3>
          <Fields id={`${id}-headers`} fields={headers} isSent />
        </>
      )}
    </>
  )
}

function Refusals({ refusals, envelope }: { refusals: readonly ReferenceRefusal[]; envelope: string }): JSX.Element {
  if (refusals.length === 0) return ""
  return (
    <section aria-labelledby="errors">
      <h2 id="errors">Errors</h2>
      <p>
        <Words text={envelope} />
      </p>
      <RefusalList refusals={refusals} isLinked />
    </section>
  )
}

function Example({ frame, operation, trying }: ReferenceOperationProps): JSX.Element {
  const { calls, answers, summary } = operation
  const shown = answers.filter(({ example }) => example !== "")
  return (
    <>
      <CodeTabs id="call" title={`${summary}, a call`} tabs={calls} />
      {trying === null ? null : <TryIt frame={frame} operation={operation} trying={trying} />}
      {shown.map(({ status, type, example, language }, index) => (
        <CodeBlock id={`example-${index + 1}`} title={`${status} ${type}`} code={example} language={language} />
      ))}
    </>
  )
}

function Neighbours({ previous, next }: Pick<ReferenceOperationProps, "previous" | "next">): JSX.Element {
  return (
    <nav class="neighbours" aria-label="Other operations">
      {previous === null ? null : (
        <a href={previous.href} rel="prev">
          <span class="quiet">Before</span>
          <span safe>{previous.summary}</span>
        </a>
      )}
      {next === null ? null : (
        <a href={next.href} rel="next">
          <span class="quiet">Next</span>
          <span safe>{next.summary}</span>
        </a>
      )}
    </nav>
  )
}
