// What a publisher writes about an API: overview, guides and changes, each in Markdown beside what readers see.
import type { Frame } from "../../layout/frame.ts"
import { Badge, Button, Empty, Form, FormOf, type FormView, Markdown, RowLink, Table, When } from "../../ui/index.ts"
import { ProductFrame, type ProductHead, productPath } from "./product-frame.tsx"

/** Editor, and below it what readers will see of it. */
function Writing({
  frame,
  form,
  text,
  heading,
}: {
  frame: Frame
  form: FormView
  text: string
  heading: string
}): JSX.Element {
  return (
    <>
      <section aria-labelledby="write-title">
        <h2 id="write-title" safe>
          {heading}
        </h2>
        <FormOf
          form={form}
          csrf={frame.csrf}
          class="form page-form"
          beside={<Button name="preview" value="1" label="Preview" />}
        />
      </section>
      {text.trim() === "" ? null : (
        <section aria-labelledby="preview-title">
          <h2 id="preview-title">As readers see it</h2>
          <div class="card">
            <Markdown id="preview" source={text} by="people" />
          </div>
        </section>
      )}
    </>
  )
}

export interface DocsPageProps {
  frame: Frame
  now: number
  product: ProductHead
  form: FormView
  /** What is shown as readers see it: what is saved, or what was typed. */
  text: string
  guides: readonly { id: string; title: string; updatedMs: number }[]
}

export function DocsPage({ frame, now, product, form, text, guides }: DocsPageProps): JSX.Element {
  const path = `${productPath(product)}/docs`
  return (
    <ProductFrame frame={frame} product={product} current="docs">
      <Writing frame={frame} form={form} text={text} heading="Overview" />
      <section aria-labelledby="guides-title">
        <h2 id="guides-title">Guides</h2>
        <Table
          caption="Guides"
          hideCaption
          columns={[{ label: "Title" }, { label: "Changed" }]}
          rows={guides.map(({ id, title, updatedMs }) => [
            <RowLink href={`${path}/${encodeURIComponent(id)}`} label={title} />,
            <When ms={updatedMs} now={now} />,
          ])}
          empty={
            <Empty
              title="No guide yet"
              text="For what is longer than a description: getting started, paging, errors."
            />
          }
        />
        <p class="actions">
          <Button icon="plus" href={`${path}/new`} label="New guide" />
        </p>
      </section>
    </ProductFrame>
  )
}

export interface GuidePageProps {
  frame: Frame
  product: ProductHead
  /** Null = a new one. */
  guide: { id: string; title: string } | null
  form: FormView
  text: string
}

export function GuidePage({ frame, product, guide, form, text }: GuidePageProps): JSX.Element {
  const docs = `${productPath(product)}/docs`
  return (
    <ProductFrame
      frame={frame}
      product={product}
      current="docs"
      title={guide?.title ?? "New guide"}
      up={{ href: docs, label: "Docs" }}
    >
      <Writing frame={frame} form={form} text={text} heading="The guide" />
      {guide ? (
        <Form action={`${docs}/${encodeURIComponent(guide.id)}/removal`} csrf={frame.csrf} class="actions">
          <Button label="Delete this guide" />
        </Form>
      ) : null}
    </ProductFrame>
  )
}

export interface ChangeLine {
  id: string
  version: string
  title: string
  body: string
  breaking: boolean
  publishedMs: number
  isMailed: boolean
}

export interface ChangelogPageProps {
  frame: Frame
  now: number
  product: ProductHead
  form: FormView
  /** People who asked for mails. */
  followers: number
  changes: readonly ChangeLine[]
}

export function ChangelogPage({ frame, now, product, form, followers, changes }: ChangelogPageProps): JSX.Element {
  const path = `${productPath(product)}/changelog`
  return (
    <ProductFrame frame={frame} product={product} current="changelog">
      <section aria-labelledby="new-title">
        <h2 id="new-title">New entry</h2>
        <p class="quiet" safe>
          {followers === 1
            ? "1 subscriber wants mails about changes."
            : `${followers} subscribers want mails about changes.`}
        </p>
        <FormOf form={form} csrf={frame.csrf} class="form page-form" />
      </section>
      <section aria-labelledby="entries-title">
        <h2 id="entries-title">Entries</h2>
        <Table
          caption="Entries"
          hideCaption
          columns={[
            { label: "Change" },
            { label: "Version" },
            { label: "Published" },
            { label: "Mailed", minor: true },
          ]}
          rows={changes.map((one) => [
            <>
              <RowLink href={`${path}/${encodeURIComponent(one.id)}`} label={one.title} />
              {one.breaking ? <Badge tone="warn" text="Breaking" /> : null}
            </>,
            <code safe>{one.version}</code>,
            <When ms={one.publishedMs} now={now} />,
            one.isMailed ? "Yes" : <span class="quiet">No</span>,
          ])}
          empty={<Empty title="No entry yet" text="Say here what is new, what was fixed and what will go." />}
        />
      </section>
    </ProductFrame>
  )
}

export interface ChangePageProps {
  frame: Frame
  product: ProductHead
  change: ChangeLine
  form: FormView
}

export function ChangePage({ frame, product, change, form }: ChangePageProps): JSX.Element {
  const log = `${productPath(product)}/changelog`
  return (
    <ProductFrame
      frame={frame}
      product={product}
      current="changelog"
      title={change.title}
      up={{ href: log, label: "Changelog" }}
    >
      <section aria-labelledby="edit-title">
        <h2 id="edit-title">The entry</h2>
        {change.isMailed ? <p class="quiet">Mails about it went out; they name no text of it.</p> : null}
        <FormOf form={form} csrf={frame.csrf} class="form page-form" cancelHref={log} />
      </section>
      {change.body === "" ? null : (
        <section aria-labelledby="preview-title">
          <h2 id="preview-title">As readers see it</h2>
          <div class="card">
            <Markdown id="preview" source={change.body} by="people" />
          </div>
        </section>
      )}
      <Form action={`${log}/${encodeURIComponent(change.id)}/removal`} csrf={frame.csrf} class="actions">
        <Button label="Delete this entry" />
      </Form>
    </ProductFrame>
  )
}
