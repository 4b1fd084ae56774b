// What both tabs of the playground have: tabs, a refusal, the call as code.
import type { CodeTabsProps } from "../../ui/index.ts"
import { CodeTabs, Notice, Tabs } from "../../ui/index.ts"
import type { PlaygroundRefusal } from "./types.ts"

export const LEAD =
  "Try models with your own credits: each answer is a call of yours, charged as one with your API key."

export function PlaygroundTabs({ here }: { here: "words" | "pictures" }): JSX.Element {
  return (
    <Tabs
      label="What is made"
      tabs={[
        { label: "Words", href: "/playground", current: here === "words" },
        { label: "Pictures", href: "/playground/pictures", current: here === "pictures" },
      ]}
    />
  )
}

export function Refusal({ refusal }: { refusal: PlaygroundRefusal }): JSX.Element {
  return (
    <Notice tone="bad" text={refusal.message}>
      <p>
        <span class="quiet num" safe>
          {`${refusal.status} ${refusal.code}`}
        </span>
      </p>
      {refusal.topUp ? (
        <p>
          <a href="/credits">Add credits</a>
        </p>
      ) : null}
    </Notice>
  )
}

/** The same call from a program; the key is the reader's to put in. */
export function AsCode({ code }: { code: CodeTabsProps["tabs"] }): JSX.Element {
  return (
    <section id="code" class="playground-code" aria-labelledby="code-title">
      <h2 id="code-title">The same as code</h2>
      {code.length === 0 ? (
        <p class="quiet">“Show as code” writes this call as curl, JavaScript and Python.</p>
      ) : (
        <>
          <p class="quiet">
            It reads your key from <code>PURSER_API_KEY</code>. <a href="/keys/new">Make a key</a>
          </p>
          <CodeTabs id="call" title="This call" tabs={code} />
        </>
      )}
    </section>
  )
}
