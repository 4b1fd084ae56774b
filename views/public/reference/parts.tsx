// What the pages of the reference share: the frame with the tree, words with code in them, fields that open.
import type { Children } from "@kitajs/html"
import { assetUrl } from "../../layout/assets.ts"
import type { Frame } from "../../layout/frame.ts"
import { PublicLayout } from "../../layout/public.tsx"
import { Badge, Icon, type MarkdownHeading, OnPage, Reading, TreeNav } from "../../ui/index.ts"
import type { ReferenceField, ReferenceTree, ReferenceVariant } from "./types.ts"

export interface ReferenceFrameProps {
  frame: Frame
  title: string
  description: string
  tree: ReferenceTree
  headings: readonly MarkdownHeading[]
  children: Children
}

/** The tree of all operations and what stands on this page on the left; both fold on phones. */
export function ReferenceFrame({
  frame,
  title,
  description,
  tree,
  headings,
  children,
}: ReferenceFrameProps): JSX.Element {
  return (
    <PublicLayout frame={frame} title={title} description={description}>
      <div class="reference">
        <Reading tree={<Menu tree={tree} headings={headings} />}>{children}</Reading>
      </div>
    </PublicLayout>
  )
}

function Menu({ tree, headings }: { tree: ReferenceTree; headings: readonly MarkdownHeading[] }): JSX.Element {
  return (
    <div class="reference-menu">
      <OnPage headings={headings} />
      <details>
        <summary>
          <span>All operations</span>
          <Icon name="down" />
        </summary>
        <div class="reference-tree" data-module={assetUrl("js/filter.js")}>
          <search class="search-box">
            <form method="get" action="/reference">
              <label for="filter">Filter operations</label>
              <div class="search">
                <input id="filter" type="search" name="q" value={tree.query} maxlength="200" autocomplete="off" />
                <button class="button plain nojs" type="submit">
                  Filter
                </button>
              </div>
            </form>
          </search>
          <p class="quiet js" role="status"></p>
          <TreeNav label="Operations" nodes={tree.nodes} />
        </div>
      </details>
    </div>
  )
}

/** Words with `code` in them. */
export function Words({ text }: { text: string }): JSX.Element {
  return (
    <>{text.split("`").map((part, index) => (index % 2 === 1 ? <code safe>{part}</code> : <span safe>{part}</span>))}</>
  )
}

/** The method is a word, so it needs no colour. */
export const Method = ({ method }: { method: string }): JSX.Element => (
  <span class="method" safe>
    {method}
  </span>
)

export interface FieldsProps {
  /** Of its place on the page: ids of its fields begin with it. */
  id: string
  fields: readonly ReferenceField[]
  /** Whether a missing mark means that a field may be left out. */
  isSent: boolean
}

/** Fields with what is inside them; each has an address. */
export function Fields({ id, fields, isSent }: FieldsProps): JSX.Element {
  return (
    <ul class="plain members">
      {idsOf(fields).map((one, index) => (
        <Field id={`${id}--${one}`} field={fields[index]!} isSent={isSent} />
      ))}
    </ul>
  )
}

/** Letters and digits, so that an id needs no escaping; names that come to the same get a number. */
function idsOf(fields: readonly ReferenceField[]): string[] {
  const seen = new Map<string, number>()
  return fields.map(({ name }) => {
    const id = name.replace(/[^A-Za-z0-9_]+/g, "-").slice(0, 80)
    const before = seen.get(id) ?? 0
    seen.set(id, before + 1)
    return before === 0 ? id : `${id}--${before + 1}`
  })
}

function Field({ id, field, isSent }: { id: string; field: ReferenceField; isSent: boolean }): JSX.Element {
  const { name, type, required, text, facts, values, variants } = field
  return (
    <li id={id}>
      <p class="member">
        <a href={`#${id}`}>
          <code>
            <bdi safe>{name}</bdi>
          </code>
        </a>
        <span class="quiet" safe>
          {type}
        </span>
        {required && isSent ? <Badge text="required" /> : null}
        {required || isSent ? null : <span class="quiet">may be absent</span>}
      </p>
      {text === "" ? null : (
        <p>
          <Words text={text} />
        </p>
      )}
      {values.length === 0 ? null : <Values values={values} />}
      {facts.length === 0 ? null : (
        <p class="quiet" safe>
          {facts.join(" · ")}
        </p>
      )}
      {variants.length === 0 ? null : (
        <details>
          <summary>
            <Icon name="down" />
            <span safe>{`Inside ${name}`}</span>
          </summary>
          <Variants id={id} variants={variants} isSent={isSent} />
        </details>
      )}
    </li>
  )
}

const Values = ({ values }: { values: readonly string[] }): JSX.Element => (
  <p class="values">
    <span class="sr">One of </span>
    {values.map((value) => (
      <code safe>{value}</code>
    ))}
  </p>
)

interface VariantsProps {
  id: string
  variants: readonly ReferenceVariant[]
  isSent: boolean
}

/** Of several kinds each has a fold of its own. */
export function Variants({ id, variants, isSent }: VariantsProps): JSX.Element {
  const [first] = variants
  if (variants.length === 1 && first) return <Fields id={id} fields={first.fields} isSent={isSent} />
  return (
    <>
      {variants.map(({ label, fields }, index) => (
        <details class="variant">
          <summary>
            <Icon name="down" />
            <code safe>{label ?? `Kind ${index + 1}`}</code>
          </summary>
          <Fields id={`${id}--${index + 1}`} fields={fields} isSent={isSent} />
        </details>
      ))}
    </>
  )
}
