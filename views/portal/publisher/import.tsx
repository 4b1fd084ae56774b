// A document for an API that is there: bringing it, and what it would change before anything does.
import type { Frame } from "../../layout/frame.ts"
import { Badge, Count, FormOf, type FormView, Notice, Stat } from "../../ui/index.ts"
import { ProductFrame, type ProductHead, productPath } from "./product-frame.tsx"

export interface ImportChange {
  route: string
  kind: "added" | "removed" | "changed"
  changes: readonly { words: string; breaking: boolean }[]
}

export interface ImportPageProps {
  frame: Frame
  product: ProductHead
  bring: FormView
  waiting: {
    title: string
    version: string
    sourceUrl: string | null
    notes: readonly string[]
    differences: {
      added: number
      removed: number
      changed: number
      same: number
      breaking: number
      list: readonly ImportChange[]
    }
    apply: FormView
    drop: FormView
  } | null
}

/** Of a very large change the first ones are shown; breaking ones come first. */
const SHOWN_MAX = 200

export function ImportPage({ frame, product, bring, waiting }: ImportPageProps): JSX.Element {
  return (
    <ProductFrame
      frame={frame}
      product={product}
      current="endpoints"
      title="Import a document"
      lead="You see what it changes before anything does. Plans, units and prices of endpoints that stay are kept."
      up={{ href: `${productPath(product)}/endpoints`, label: "Endpoints" }}
    >
      {waiting ? <Waiting frame={frame} waiting={waiting} /> : null}
      <section aria-labelledby="bring-title">
        <h2 id="bring-title">{waiting ? "Another document" : "The document"}</h2>
        <FormOf
          form={{ ...bring, submit: "Show what changes" }}
          csrf={frame.csrf}
          class="form page-form"
          isPlain={waiting !== null}
        />
      </section>
    </ProductFrame>
  )
}

function Waiting({ frame, waiting }: { frame: Frame; waiting: NonNullable<ImportPageProps["waiting"]> }): JSX.Element {
  const { added, removed, changed, same, breaking, list } = waiting.differences
  return (
    <section aria-labelledby="waiting-title">
      <h2 id="waiting-title" safe>{`What version ${waiting.version} changes`}</h2>
      {waiting.sourceUrl ? (
        <p class="quiet">
          {"From "}
          <code safe>{waiting.sourceUrl}</code>
        </p>
      ) : null}
      <dl class="stats">
        <Stat label="New">
          <Count value={added} />
        </Stat>
        <Stat label="Changed">
          <Count value={changed} />
        </Stat>
        <Stat label="Gone">
          <Count value={removed} />
        </Stat>
        <Stat label="As before">
          <Count value={same} />
        </Stat>
      </dl>
      {breaking === 0 ? (
        <Notice tone="ok" text="Programs that call this API today go on working." />
      ) : (
        <Notice
          tone="warn"
          text={`${breaking === 1 ? "1 endpoint changes" : `${breaking} endpoints change`} in a way that breaks programs that call it today. Announce it in the changelog first.`}
        />
      )}
      <Changes list={list} />
      {waiting.notes.length === 0 ? null : (
        <details class="change">
          <summary safe>
            {waiting.notes.length === 1
              ? "1 remark about the document"
              : `${waiting.notes.length} remarks about the document`}
          </summary>
          <ul>
            {waiting.notes.map((note) => (
              <li safe>{note}</li>
            ))}
          </ul>
        </details>
      )}
      <FormOf form={waiting.apply} csrf={frame.csrf} class="form page-form" />
      <FormOf form={waiting.drop} csrf={frame.csrf} class="form page-form" isPlain />
    </section>
  )
}

const KINDS = { added: "New", removed: "Gone", changed: "Changed" } as const

function Changes({ list }: { list: readonly ImportChange[] }): JSX.Element {
  if (list.length === 0) return ""
  return (
    <>
      <ul class="plain import-changes">
        {list.slice(0, SHOWN_MAX).map((one) => (
          <li>
            <p>
              <code safe>{one.route}</code>{" "}
              <Badge
                tone={one.kind === "added" ? "ok" : one.kind === "removed" ? "bad" : "neutral"}
                text={KINDS[one.kind]}
              />
            </p>
            <ul>
              {one.changes.map(({ words, breaking: breaks }) => (
                <li>
                  {breaks ? <Badge tone="warn" text="Breaking" /> : null} <span safe>{words}</span>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
      {list.length > SHOWN_MAX ? <p class="quiet" safe>{`… and ${list.length - SHOWN_MAX} more.`}</p> : null}
    </>
  )
}
