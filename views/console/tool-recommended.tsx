// Tool servers that the operator recommends: a list under Tools, and the page that adds one.
import { SIGN_IN_WORDS } from "../admin/tool-servers.tsx"
import { EditPage } from "../layout/edit-page.tsx"
import type { Frame } from "../layout/frame.ts"
import { Button, Form, type FormView, Table } from "../ui/index.ts"
import { TOOLS_UP } from "./tools.tsx"

export interface RecommendedView {
  slug: string
  title: string
  words: string
  host: string
  auth: keyof typeof SIGN_IN_WORDS
}

export interface RecommendedRow extends RecommendedView {
  /** Where the person has it already. */
  has: string | undefined
  /** Nothing is left to decide: one press adds it to that group ("" makes one). */
  atOnce: { group: string } | undefined
}

const pathOf = ({ slug }: RecommendedView): string => `/mcp/new/${encodeURIComponent(slug)}`

export function RecommendedServers({
  rows,
  csrf,
}: {
  rows: readonly RecommendedRow[]
  csrf: Frame["csrf"]
}): JSX.Element {
  if (rows.length === 0) return ""
  return (
    <section aria-labelledby="recommended-title">
      <h2 id="recommended-title">Recommended here</h2>
      <p class="quiet page-form">
        Chosen by the operator of this server. You use them as yourself: what they know of you, and what you paste,
        stays yours.
      </p>
      <Table
        caption="Recommended servers"
        hideCaption
        columns={[{ label: "Server" }, { label: "What it needs" }, { label: "Action", silent: true }]}
        rows={rows.map((row) => [
          <span class="person">
            <bdi class="strong" safe>
              {row.title}
            </bdi>
            <span class="quiet" safe>
              {row.words}
            </span>
            <bdi class="quiet" safe>
              {row.host}
            </bdi>
          </span>,
          <span safe>{SIGN_IN_WORDS[row.auth]}</span>,
          <Add row={row} csrf={csrf} />,
        ])}
      />
    </section>
  )
}

function Add({ row, csrf }: { row: RecommendedRow; csrf: Frame["csrf"] }): JSX.Element {
  if (row.has !== undefined) return <Button small href={row.has} icon="check" label={`Open ${row.title}`} />
  if (row.atOnce === undefined) return <Button small dialog href={pathOf(row)} label={`Add ${row.title}`} />
  return (
    <Form action={pathOf(row)} csrf={csrf} hidden={row.atOnce} class="cell-form">
      <Button small label={`Add ${row.title}`} />
    </Form>
  )
}

export function ToolRecommendedPage({
  frame,
  server,
  form,
}: {
  frame: Frame
  server: RecommendedView
  form: FormView
}): JSX.Element {
  return (
    <EditPage
      frame={frame}
      title={`Add ${server.title}`}
      lead={server.words || `A tool server at ${server.host}.`}
      up={TOOLS_UP}
      form={form}
      cancelHref="/mcp"
      before={
        <p class="quiet page-form">
          {"It is at "}
          <bdi safe>{server.host}</bdi>
          <span safe>{` (${SIGN_IN_WORDS[server.auth].toLowerCase()}). What it offers now is what you approve.`}</span>
        </p>
      }
    />
  )
}
