// The code to start from, with an app's real values in it, and the line that waits for its first call.
import { CodeTabs, Icon, When } from "../ui/index.ts"
import { type SnippetInput, snippets } from "./snippet.ts"

export interface StartCodeProps {
  input: SnippetInput
  /** The five lines for a terminal first: the quickest way to a first call. */
  terminalFirst?: boolean | undefined
}

export function StartCode({ input, terminalFirst }: StartCodeProps): JSX.Element {
  const tabs = snippets(input, terminalFirst)
  return (
    <div class="start-code">
      {input.confidential ? (
        <p class="quiet">
          {terminalFirst
            ? "Run this once in the same terminal: "
            : "The code reads the client secret from its environment: "}
          <code>export CLIENT_SECRET='the secret'</code>
        </p>
      ) : null}
      <CodeTabs
        id="snippet"
        title="Sign-in and a call"
        tabs={tabs.map(({ label, language, install, code }) => ({
          label,
          language,
          code: install ? `${label === "Python" ? "#" : "//"} ${install}\n${code}` : code,
        }))}
      />
    </div>
  )
}

export interface FirstCallProps {
  appId: string
  firstCallMs: number | null
  now: number
}

/**
 * Fragment `#first-call`. While it waits, a stream tells it when to ask again, and the answer is 204 (no swap, so nothing is read
 * out) until the call is there. Without scripts a reload does the same.
 */
export function FirstCall({ appId, firstCallMs, now }: FirstCallProps): JSX.Element {
  if (firstCallMs !== null) {
    return (
      <p id="first-call" class="notice ok">
        <Icon name="check" />
        <span>
          {"Your first call arrived "}
          <When ms={firstCallMs} now={now} />.
        </span>
      </p>
    )
  }
  const path = `/developer/apps/${encodeURIComponent(appId)}/first-call`
  return (
    <p
      id="first-call"
      class="notice waiting"
      hx-get={path}
      hx-trigger="moved"
      hx-swap="outerHTML"
      data-live={`${path}/events?since=waiting`}
    >
      <Icon name="clock" />
      <span>
        Waiting for your first call… <span class="nojs">Reload this page once you have made it.</span>
      </span>
    </p>
  )
}
