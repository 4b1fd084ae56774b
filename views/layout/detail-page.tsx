// A page around one thing: head, tabs of its parts, its state in a word, its figures or facts, and sections below.
import type { Children } from "@kitajs/html"
import { Stat } from "../ui/figures.tsx"
import { ConsoleLayout, type ConsoleLayoutProps } from "./console.tsx"

export interface Fact {
  label: string
  /** Escaped here. */
  text?: string | undefined
  /** A finished element in place of the text. */
  value?: JSX.Element | undefined
}

function FactValue({ text, value }: Pick<Fact, "text" | "value">): JSX.Element {
  return value ?? <bdi safe>{text ?? ""}</bdi>
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

function Stats({ stats }: { stats: readonly Fact[] }): JSX.Element {
  return (
    <dl class="stats">
      {stats.map(({ label, text, value }) => (
        <Stat label={label}>
          <FactValue text={text} value={value} />
        </Stat>
      ))}
    </dl>
  )
}

export interface DetailPageProps extends Omit<ConsoleLayoutProps, "head"> {
  tabs?: Children
  /** Its state: badges, its id, what must be known first. */
  state?: Children
  /** Figures side by side. */
  stats?: readonly Fact[] | undefined
  /** A list of facts under this heading. */
  facts?: { heading: string; list: readonly Fact[] } | undefined
}

export function DetailPage(props: DetailPageProps): JSX.Element {
  const { tabs, state, stats, facts, children, ...layout } = props
  return (
    <ConsoleLayout {...layout}>
      {tabs ?? null}
      {state ?? null}
      {stats ? <Stats stats={stats} /> : null}
      {facts ? (
        <section aria-labelledby="facts-title">
          <h2 id="facts-title" safe>
            {facts.heading}
          </h2>
          <Facts facts={facts.list} wide />
        </section>
      ) : null}
      {children}
    </ConsoleLayout>
  )
}
