// A page around one thing: head, tabs of its parts, its facts, and sections below.
import type { Children } from "@kitajs/html"
import { ConsoleLayout, type ConsoleLayoutProps } from "./console.tsx"

export interface Fact {
  label: string
  /** Escaped here. */
  text?: string | undefined
  /** A finished element in place of the text. */
  value?: JSX.Element | undefined
}

/** What is known of the thing, as terms and their values. */
export function Facts({ facts, wide }: { facts: readonly Fact[]; wide?: boolean | undefined }): JSX.Element {
  return (
    <dl class={wide ? "facts wide" : "facts"}>
      {facts.map(({ label, text, value }) => (
        <div>
          <dt safe>{label}</dt>
          <dd>
            <FactValue text={text} value={value} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function FactValue({ text, value }: Pick<Fact, "text" | "value">): JSX.Element {
  return value ?? <bdi safe>{text ?? ""}</bdi>
}

export interface DetailPageProps extends Omit<ConsoleLayoutProps, "head"> {
  tabs?: Children
  /** Heading above the facts; for readers only when `silent`. */
  heading: string
  silent?: boolean | undefined
  facts: readonly Fact[]
}

export function DetailPage(props: DetailPageProps): JSX.Element {
  const { tabs, heading, silent, facts, children, ...layout } = props
  return (
    <ConsoleLayout {...layout}>
      {tabs ?? null}
      <section aria-labelledby="facts-title">
        <h2 id="facts-title" class={silent ? "sr" : undefined} safe>
          {heading}
        </h2>
        <Facts facts={facts} wide />
      </section>
      {children}
    </ConsoleLayout>
  )
}
