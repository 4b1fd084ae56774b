// One app of a developer: ids, secrets, redirect URIs, and the first call.
import type { Nano } from "../../src/app/units.ts"
import { ConsoleLayout } from "../layout/console.tsx"
import type { FormErrors, Frame } from "../layout/frame.ts"
import {
  Button,
  CodeBlock,
  Confirm,
  CopyLine,
  Count,
  Empty,
  ErrorSummary,
  Field,
  Form,
  Icon,
  Notice,
  Secret,
  Stat,
  Table,
  Usd,
  When,
} from "../ui/index.ts"
import { HomepageField, RedirectUrisArea } from "./app-new.tsx"
import { snippet } from "./snippet.ts"

export interface ClientSecretRow {
  id: string
  /** Last characters, enough to tell one from another: "5572". */
  hint: string
  createdAtMs: number
}

export interface DeveloperAppDetail {
  /** Public id, `cli_…`. */
  id: string
  name: string
  type: "public" | "confidential" | "first-party"
  homepageUrl: string | null
  redirectUris: readonly string[]
  scopes: readonly string[]
  suspended?: boolean | undefined
  secrets: readonly ClientSecretRow[]
  calls: number
  users: number
  earnings: Nano
  firstCallMs: number | null
}

export interface DeveloperAppProps {
  frame: Frame
  now: number
  app: DeveloperAppDetail
  /** A secret made by this very request; shown once. */
  newSecret?: string | undefined
  issuer: string
  /** Base URL for the OpenAI SDK, ending in /v1. */
  apiBaseUrl: string
  /** A model that answers on this server, for the snippet. */
  sampleModel: string
  /** After a 422 of the edit form. */
  values?:
    | { name?: string | undefined; redirect_uris?: string | undefined; homepage_url?: string | undefined }
    | undefined
  errors?: FormErrors | undefined
}

const pathOf = (id: string): string => `/developer/apps/${encodeURIComponent(id)}`

/**
 * POST /developer/apps/:id: name, redirect_uris, homepage_url, csrf. POST /developer/apps/:id/secrets: csrf.
 * GET and POST /developer/apps/:id/secrets/:secretId/revocation. GET /developer/apps/:id/first-call answers `FirstCall`.
 */
export function DeveloperAppPage(props: DeveloperAppProps): JSX.Element {
  const { frame, now, app, errors, values } = props
  const confidential = app.type !== "public"
  return (
    <ConsoleLayout
      frame={frame}
      title={app.name}
      section="Developer"
      lead={`A ${app.type} client.`}
      up={{ href: "/developer", label: "Your apps" }}
      live
    >
      {app.suspended ? <Notice tone="bad" text="This app is suspended. Its users cannot sign in or spend." /> : null}
      {props.newSecret ? (
        <Secret id="new-secret" title="Your client secret" secret={props.newSecret} doneHref={pathOf(app.id)} />
      ) : null}
      <dl class="stats">
        <Stat label="Calls">
          <Count value={app.calls} />
        </Stat>
        <Stat label="Users">
          <Count value={app.users} />
        </Stat>
        <Stat label="Earnings">
          <Usd amount={app.earnings} />
        </Stat>
      </dl>
      <section aria-labelledby="start-title">
        <h2 id="start-title">First call</h2>
        {app.firstCallMs === null ? (
          <StartCode {...props} />
        ) : (
          <details class="change">
            <summary>Show the code to start from</summary>
            <StartCode {...props} />
          </details>
        )}
        <div role="status">
          <FirstCall appId={app.id} firstCallMs={app.firstCallMs} now={now} />
        </div>
      </section>
      <section aria-labelledby="credentials-title">
        <h2 id="credentials-title">Credentials</h2>
        <dl class="facts wide">
          <div>
            <dt>Client id</dt>
            <dd>
              <CopyLine id="client-id" text={app.id} />
            </dd>
          </div>
          <div>
            <dt>Issuer</dt>
            <dd>
              <CopyLine id="issuer" text={props.issuer} />
            </dd>
          </div>
          <div>
            <dt>Scopes</dt>
            <dd safe>{["openid", ...app.scopes.filter((scope) => scope !== "openid")].join(" ")}</dd>
          </div>
        </dl>
        {confidential ? (
          <Secrets {...props} />
        ) : (
          <p class="quiet">A public client has no secret. PKCE protects its sign-in.</p>
        )}
      </section>
      <section aria-labelledby="edit-title">
        <h2 id="edit-title">Details</h2>
        <ErrorSummary errors={errors} />
        <Form action={pathOf(app.id)} csrf={frame.csrf} class="form page-form">
          <Field
            name="name"
            label="Name"
            required
            maxlength={80}
            value={values?.name ?? app.name}
            error={errors?.name}
          />
          <RedirectUrisArea
            value={values?.redirect_uris ?? app.redirectUris.join("\n")}
            error={errors?.redirect_uris}
          />
          <HomepageField value={values?.homepage_url ?? app.homepageUrl ?? ""} error={errors?.homepage_url} />
          <Button kind="primary" label="Save details" />
        </Form>
      </section>
    </ConsoleLayout>
  )
}

function Secrets({ frame, now, app }: DeveloperAppProps): JSX.Element {
  return (
    <>
      <h3>Client secrets</h3>
      {app.secrets.length === 0 ? (
        <Empty title="No secret" text="Without one, this app's server cannot exchange a code for tokens." />
      ) : (
        <Table
          caption="Client secrets"
          hideCaption
          columns={[{ label: "Ends with" }, { label: "Created" }, { label: "Action", silent: true }]}
          rows={app.secrets.map((secret) => [
            <code safe>{`…${secret.hint}`}</code>,
            <When ms={secret.createdAtMs} now={now} />,
            <Button
              small
              dialog
              href={`${pathOf(app.id)}/secrets/${encodeURIComponent(secret.id)}/revocation`}
              label="Revoke"
            />,
          ])}
        />
      )}
      <Form action={`${pathOf(app.id)}/secrets`} csrf={frame.csrf} class="actions">
        <Button label="Make a new secret" />
      </Form>
    </>
  )
}

/** The lines to copy, with this app's real id in them. */
function StartCode({ app, issuer, apiBaseUrl, sampleModel }: DeveloperAppProps): JSX.Element {
  const code = snippet({
    issuer,
    apiBaseUrl,
    clientId: app.id,
    confidential: app.type !== "public",
    redirectUri: app.redirectUris[0] ?? "http://127.0.0.1:3000/callback",
    scopes: app.scopes,
    model: sampleModel,
  })
  return (
    <div class="start-code">
      <p>
        Install both packages with <code>npm install openid-client openai</code>, then run this.
      </p>
      <CodeBlock id="snippet" title="TypeScript" code={code} />
    </div>
  )
}

export interface FirstCallProps {
  appId: string
  firstCallMs: number | null
  now: number
}

/**
 * Fragment `#first-call`, asked for every 3 s: answer 204 while waiting (no swap, so nothing is read out again), and this once
 * the call has arrived. Without scripts a reload does the same.
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
  return (
    <p
      id="first-call"
      class="notice waiting"
      hx-get={`${pathOf(appId)}/first-call`}
      hx-trigger="every 3s"
      hx-swap="outerHTML"
    >
      <Icon name="clock" />
      <span>Waiting for your first call…</span>
    </p>
  )
}

export interface AppSecretRevokeProps {
  frame: Frame
  app: { id: string; name: string }
  secret: ClientSecretRow
}

export function AppSecretRevokePage({ frame, app, secret }: AppSecretRevokeProps): JSX.Element {
  return (
    <ConsoleLayout
      frame={frame}
      title="Revoke a client secret"
      section="Developer"
      head={false}
      up={{ href: pathOf(app.id), label: app.name }}
    >
      <Confirm
        title="Revoke this client secret?"
        csrf={frame.csrf}
        action={`${pathOf(app.id)}/secrets/${encodeURIComponent(secret.id)}/revocation`}
        label={`Revoke …${secret.hint}`}
        cancelHref={pathOf(app.id)}
      >
        <p>
          {"Servers of "}
          <bdi class="strong" safe>
            {app.name}
          </bdi>
          {" that still use it can no longer get tokens. Make and deploy a new secret first."}
        </p>
      </Confirm>
    </ConsoleLayout>
  )
}
