// The first call without a sign-in: a token for the developer's own account, the three lines that use it, and a button that runs them here.
import type { Nano } from "../../src/app/units.ts"
import { count, creditsText, plural } from "../ui/format.ts"
import { Button, CodeTabs, Credits, Form, Icon, Secret, When } from "../ui/index.ts"
import { type CallInput, callSnippets } from "./snippet.ts"

/** A call that was made from this page. */
export interface TestRun {
  model: string
  charge: Nano
  inputTokens: number
  outputTokens: number
  /** Its row of the statement; absent for test credits, which have none. */
  receiptHref?: string | undefined
}

export interface TestCallProps {
  csrf: string
  now: number
  app: { id: string; testMode: boolean }
  /** What the developer has for tests; absent for a live app. */
  testCredits?: Nano | undefined
  /** Why there can be none: the app may not chat, or is suspended. */
  refused?: string | undefined
  /** Most that it may spend of a UTC day. */
  dailyLimit: Nano
  /** Just made: shown this once. */
  token?: string | undefined
  /** When the newest one that still works ends, ms. */
  endsMs: number | null
  run?: TestRun | undefined
  call: CallInput
  /** Answers lead back to the first visit. */
  isFirst?: boolean | undefined
}

const pathOf = (id: string): string => `/developer/apps/${encodeURIComponent(id)}`

/** POST <app>/test-call, <app>/test-token, <app>/test-token/revocation: csrf, start. */
export function TestCall(props: TestCallProps): JSX.Element {
  const { csrf, app, token, endsMs } = props
  const path = pathOf(app.id)
  const hidden = { start: props.isFirst ? "1" : undefined }
  if (props.refused) return <p class="quiet" safe>{`No test token: ${props.refused}`}</p>
  return (
    <div class="test-call" id="test-call">
      <p safe>
        {`A test token is for your own account through this app. It can chat, lives for an hour and spends at most ${creditsText(props.dailyLimit)} a day${app.testMode ? ", test credits here" : ", your own"}.`}
      </p>
      {token ? (
        <Secret
          id="test-token"
          title="Your test token"
          secret={token}
          note="This is the only time it is shown. It stands in the code below; whoever has it can spend from your account."
          doneHref={props.isFirst ? "/developer" : path}
        />
      ) : null}
      <CodeTabs id="call" title="The first call" tabs={callSnippets({ ...props.call, token })} />
      <div class="actions">
        <Form action={`${path}/test-call`} csrf={csrf} hidden={hidden}>
          <Button kind="primary" label="Run it here" />
        </Form>
        <Form action={`${path}/test-token`} csrf={csrf} hidden={hidden}>
          <Button label={endsMs === null ? "Make a test token" : "Make a new test token"} />
        </Form>
        {endsMs === null ? null : (
          <Form action={`${path}/test-token/revocation`} csrf={csrf} hidden={hidden}>
            <Button label="End the test token" />
          </Form>
        )}
      </div>
      {endsMs === null ? null : (
        <p class="quiet">
          {"A test token works. It ends "}
          <When ms={endsMs} now={props.now} />.
        </p>
      )}
      {props.testCredits === undefined ? null : (
        <Form action={`${path}/test-credits`} csrf={csrf} class="actions">
          <span class="quiet">
            {"You have "}
            <Credits amount={props.testCredits} />
            {" for tests."}
          </span>
          <Button small label="Add test credits" />
        </Form>
      )}
      {props.run ? <Ran run={props.run} /> : null}
    </div>
  )
}

function Ran({ run }: { run: TestRun }): JSX.Element {
  return (
    <p class="notice ok" id="run">
      <Icon name="check" />
      <span>
        <bdi safe>{run.model}</bdi>
        {" answered for "}
        <Credits amount={run.charge} />
        <span safe>{`: ${plural(run.inputTokens, "token")} in, ${count(run.outputTokens)} out. `}</span>
        {run.receiptHref ? <a href={run.receiptHref}>See the receipt</a> : null}
      </span>
    </p>
  )
}
