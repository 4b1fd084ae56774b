// Legal texts: which version of each holds, a form to publish another one, and what it will look like before it is public.
import { ConsoleLayout } from "../layout/console.tsx"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { Confirm, Diff, type FormView, RowLink, Table, When } from "../ui/index.ts"

export interface LegalLine {
  text: string
  title: string
  version: string
  /** Null: it came with the server. */
  sinceMs: number | null
  coming: number
}

/** GET /admin/legal */
export function AdminLegalPage({
  frame,
  now,
  texts,
}: {
  frame: Frame
  now: number
  texts: readonly LegalLine[]
}): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Legal pages"
      section="Admin"
      lead="What people agree to. The first versions say what this software does; a lawyer should read them before you rely on them."
    >
      <Table
        caption="Legal pages"
        hideCaption
        columns={[
          { label: "Page" },
          { label: "Version" },
          { label: "Holds since" },
          { label: "Announced", numeric: true },
        ]}
        rows={texts.map((line) => [
          <RowLink href={`/admin/legal/${line.text}`} label={line.title} />,
          <span safe>{line.version}</span>,
          line.sinceMs === null ? <span>the start</span> : <When ms={line.sinceMs} now={now} />,
          <span class="num">{line.coming}</span>,
        ])}
      />
    </ConsoleLayout>
  )
}

interface EditProps {
  frame: Frame
  title: string
  text: string
  facts: readonly string[]
  form: FormView
}

/** GET and POST /admin/legal/:legal */
export function AdminLegalTextPage({ frame, title, text, facts, form }: EditProps): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title={title}
      section="Admin"
      up={{ href: "/admin/legal", label: "Legal pages" }}
      form={form}
      words={[
        `Markdown. What this server does stands in the text as ${facts.map((fact) => `{{${fact}}}`).join(", ")}, and is always as it is now.`,
        "You see the page and what changed before anybody else does.",
      ]}
      cancelHref="/admin/legal"
      after={
        <p>
          <a href={`/${text}`}>The page as it is</a>
        </p>
      }
    />
  )
}

interface AskedProps {
  frame: Frame
  title: string
  text: string
  /** Safe HTML of the new text. */
  html: string
  before: string
  after: string
  asked: { action: string; hidden: Record<string, string>; words: readonly string[]; label: string }
}

/** The new text as people will see it, and what is different. */
export function AdminLegalAskedPage({
  frame,
  title,
  text,
  html: safeHtml,
  before,
  after,
  asked,
}: AskedProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title={title}
      section="Admin"
      head={false}
      up={{ href: "/admin/legal", label: "Legal pages" }}
    >
      <Confirm
        title={`Publish: ${title}`}
        csrf={frame.csrf}
        action={asked.action}
        label={asked.label}
        cancelHref={`/admin/legal/${text}`}
        danger={false}
        hidden={asked.hidden}
      >
        {asked.words.map((word) => (
          <p safe>{word}</p>
        ))}
        <Diff label={title} before={before} after={after} />
        <details class="change">
          <summary>The page as people will see it</summary>
          <div class="prose">{safeHtml}</div>
        </details>
      </Confirm>
    </ConsoleLayout>
  )
}
